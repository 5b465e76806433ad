import { expect, it } from "vitest";
import { NotDecodable } from "../../../../handlers/engines/decode.ts";
import { decodeRedis } from "../../../../handlers/engines/redis/decode.ts";
import { recordFault } from "../../../support/fault-matrix.ts";
import { accessTo, inPieces, takeDump } from "../../../support/handlers/redis-dumps.ts";
import { fillRedis } from "../../../support/handlers/redis-data.ts";
import { describeWithParts } from "../../../support/parts.ts";
import { startRedis } from "../../../support/servers/redis.ts";

const never = new AbortController().signal;

describeWithParts("a stored snapshot of Redis that is read again", ["redis"], () => {
  it("says what was said of it, or that it is none", async () => {
    const server = await startRedis();
    try {
      await fillRedis(server);
      const { stored, counts, hashes, hashedBy } = await takeDump(accessTo(server));
      await expect(decodeRedis(inPieces(stored), never)).resolves.toEqual({ counts, hashes, hashedBy });
      const flipped = Buffer.from(stored);
      flipped.writeUInt8(flipped.readUInt8(stored.length >> 1) ^ 1, stored.length >> 1);
      for (const bytes of [flipped, stored.subarray(0, -1), stored.subarray(0, 1000), Buffer.from("no snapshot"), Buffer.alloc(0)]) {
        await expect(decodeRedis(inPieces(bytes), never), `${bytes.length} bytes`).rejects.toBeInstanceOf(NotDecodable);
      }
      for (const fault of ["one byte of the stored snapshot flipped", "stored snapshot truncated"]) {
        recordFault({ engine: "redis", fault, happened: "no whole snapshot", exit: "error", evidence: "corrupted", alarm: "corrupted", left: "dump, manifest" });
      }
      async function* unreadable(): AsyncGenerator<Uint8Array> {
        yield await Promise.resolve(stored.subarray(0, 100));
        throw new Error("the store broke off");
      }
      const error = await decodeRedis(unreadable(), never).then(() => undefined, (reason: unknown) => reason);
      expect(error).not.toBeInstanceOf(NotDecodable);
      expect(String(error)).toContain("the store broke off");
    } finally {
      await server.stop();
    }
  });
});
