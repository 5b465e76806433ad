import { afterEach, beforeEach, expect, it } from "vitest";
import { openRedisTarget } from "../../../../handlers/engines/redis/restore.ts";
import { SCRATCH_KEY } from "../../../../handlers/engines/redis/scratch.ts";
import { NotATarget, type Purpose, type RestoreSource } from "../../../../handlers/engines/restore.ts";
import { recordFault } from "../../../support/fault-matrix.ts";
import { accessTo } from "../../../support/handlers/redis-dumps.ts";
import { describeWithParts } from "../../../support/parts.ts";
import { type RedisServer, startRedis } from "../../../support/servers/redis.ts";

describeWithParts("a Redis that was backed up, as a target", ["redis"], () => {
  let production: RedisServer;
  beforeEach(async () => {
    production = await startRedis();
  });
  afterEach(() => production.stop());

  const refusal = async (purpose: Purpose, source: Partial<RestoreSource>): Promise<string> => {
    if (purpose === "scratch") await production.command("SET", SCRATCH_KEY, "yes");
    const before = await production.command("INFO", "keyspace");
    const target = await openRedisTarget(accessTo(production), new AbortController().signal);
    try {
      const error = await target.prove(purpose, { database: "0", ...source }).then(() => undefined, (reason: unknown) => reason);
      expect(error).toBeInstanceOf(NotATarget);
      expect(String(error)).not.toContain(production.password);
      await expect(production.command("INFO", "keyspace")).resolves.toBe(before);
      return error instanceof Error ? error.message : "";
    } finally {
      await target.close();
    }
  };

  it.each(["scratch", "recovery"] as const)("is refused as %s by its address, by what it calls itself, and by another name once it was restarted without its data", async (purpose) => {
    const [address, id = ""] = [`${production.host}:${production.port}`, /run_id:(\w+)/.exec(await production.command("INFO", "server"))?.[1]];
    await expect(refusal(purpose, { server: { address } })).resolves.toContain("it has the address of the server that was backed up");
    await expect(refusal(purpose, { server: { address: "cache.example:6379", id } })).resolves.toContain("it is the server that was backed up, by another address");
    await expect(refusal(purpose, { server: { address: `localhost:${production.port}`, id: "of the process before" } })).resolves
      .toMatch(/it is where the server was that was backed up: 127\.0\.0\.1:(\d+) and localhost:\1 lead to 127\.0\.0\.1:\1/);
    recordFault({ engine: "redis", fault: `restore into its source, restarted without its data (${purpose})`, happened: "target refused", exit: "error", evidence: "failed", alarm: "check failed", left: "target as it was" });
  });

  it("is refused for a drill of a backup that does not say which server it is of", async () => {
    await expect(refusal("scratch", {})).resolves.toContain("the backup does not say which server it is of");
  });
});
