import { fileURLToPath } from "node:url";
import { expect, it, vi } from "vitest";
import { useScratch } from "../support/cloud/left-behind.ts";
import { clientsOf } from "../support/cloud/provider/clients.ts";
import { EmulatedCloud } from "../support/cloud/provider/emulated-cloud.ts";
import { storeKinds } from "../support/cloud/provider/store-kinds.ts";
import { within } from "../support/cloud/within.ts";
import { startEngine } from "../support/engine/engine.ts";
import { describeWithParts } from "../support/parts.ts";
import { startS3 } from "../support/servers/s3.ts";

vi.setConfig({ testTimeout: 120_000 });

const source = fileURLToPath(new URL("../engine/fixtures/violations", import.meta.url));
const END_LIMIT_SECONDS = 10;

describeWithParts("an emulator of AWS that dies in the middle of an up", ["engine", "s3"], () => {
  it("ends the up with one sentence, and nothing is left", async () => {
    const scratch = useScratch();
    try {
      const server = await startS3();
      const engine = await startEngine({ stack: "dev", source, pack: false, aws: (kept) => new EmulatedCloud(storeKinds(clientsOf(server)), kept) });
      try {
        engine.onDeed = async ({ when, urn }) => {
          if (when === "before" && urn.includes("aws:s3/bucket:Bucket::")) await server.stop();
        };
        const ended = await engine.up();
        expect(ended.exitCode).not.toBe(0);
        expect(ended.output).toContain("Expected the emulator of AWS to answer until Pulumi ends, it stopped before. Start both again; what it held is gone.");
      } finally {
        engine.stop();
        await server.stop();
      }
      await within(END_LIMIT_SECONDS, "every process to end", () => (scratch.processes().length === 0 ? true : undefined));
      expect(scratch.files()).toEqual([]);
    } finally {
      scratch.remove();
    }
  });
});
