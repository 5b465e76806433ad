import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { runBackup } from "../../../handlers/backup/run.ts";
import { openRedisDump } from "../../../handlers/engines/redis/dump.ts";
import { handlersBuilt } from "../../support/built.ts";
import { recordFault } from "../../support/fault-matrix.ts";
import { evidenceOf, runDrill } from "../../support/handlers/drill-task.ts";
import { jobAt } from "../../support/handlers/dumps.ts";
import { startFullObjectS3 } from "../../support/handlers/full-object-s3.ts";
import { FILLED, fillRedis } from "../../support/handlers/redis-data.ts";
import { accessTo } from "../../support/handlers/redis-dumps.ts";
import { makeStore, type TestStore } from "../../support/handlers/test-store.ts";
import { describeWithParts, programFolder } from "../../support/parts.ts";
import { type RedisServer, startRedis } from "../../support/servers/redis.ts";
import type { S3Server } from "../../support/servers/s3.ts";

const TONIGHT = new Date(Date.now() - 3_600_000);
const scheduledAt = new Date(TONIGHT.getTime() + 1_800_000);

describeWithParts("a restore drill of Redis, as a task", ["redis", "s3"], () => {
  let server: S3Server;
  let production: RedisServer;
  let store: TestStore;
  beforeAll(async () => {
    [server, production] = await Promise.all([startFullObjectS3(), startRedis(), handlersBuilt()]);
    await fillRedis(production);
    store = await makeStore(server);
    await runBackup(jobAt(TONIGHT.toISOString(), { engine: "redis", database: "0" }), {
      store, attempt: "one", now: () => new Date(), signal: new AbortController().signal, runner: "lambda",
      openDump: (stop) => openRedisDump({ ...accessTo(production), database: "0" }, stop),
    });
  });
  afterAll(() => Promise.all([server.stop(), production.stop()]));

  let beside: RedisServer;
  beforeEach(async () => {
    beside = await startRedis({ users: false });
  });
  afterEach(() => beside.stop());
  const drill = (at: Date, environment = {}) => runDrill({ store, server, engine: "redis", port: beside.port, tools: programFolder("redis"), scheduledAt: at, environment });

  it("restores the newest backup into the empty server beside it, and asks it a question", async () => {
    const { code, output } = await drill(scheduledAt, { UPKEEP_SMOKE: "GET number" });
    expect({ code, output }).toMatchObject({ code: 0 });
    await expect(evidenceOf(store, scheduledAt)).resolves.toMatchObject({
      outcome: "restored", findings: [], restore: { sameCounts: Object.keys(FILLED).length, smokeAnswer: "12345" },
    });
    await expect(beside.command("GET", "number")).resolves.toBe("12345");
  });

  it("writes nothing into a server that holds something", async () => {
    await beside.command("SET", "cart", "full");
    const again = new Date(scheduledAt.getTime() + 60_000);
    expect((await drill(again)).code).toBe(1);
    const record = await evidenceOf(store, again);
    expect(record?.findings.join(" ")).toContain("it holds keys (db0: 1). Nothing was written to it");
    await expect(beside.command("DBSIZE")).resolves.toBe("1");
    recordFault({ engine: "redis", fault: "drill beside a server that is in use", happened: "refused, nothing written", exit: "1", evidence: "failed", alarm: "drill failed", left: "dump, manifest" });
  });
});
