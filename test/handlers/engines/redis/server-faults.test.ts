import { execFileSync } from "node:child_process";
import { afterEach, beforeEach, expect, it, onTestFinished } from "vitest";
import { runBackup } from "../../../../handlers/backup/run.ts";
import { openRedisDump } from "../../../../handlers/engines/redis/dump.ts";
import { openRedisTarget } from "../../../../handlers/engines/redis/restore.ts";
import { SCRATCH_KEY } from "../../../../handlers/engines/redis/scratch.ts";
import type { RestoreTarget } from "../../../../handlers/engines/restore.ts";
import { folderStore } from "../../../../handlers/store/folder/folder-store.ts";
import { type FaultRow, recordFault } from "../../../support/fault-matrix.ts";
import { jobAt } from "../../../support/handlers/dumps.ts";
import { childProcesses } from "../../../support/handlers/processes.ts";
import { accessTo, inPieces, takeDump, type TakenDump } from "../../../support/handlers/redis-dumps.ts";
import { scriptsFolder } from "../../../support/handlers/scripts.ts";
import { describeWithParts } from "../../../support/parts.ts";
import { type RedisServer, startRedis } from "../../../support/servers/redis.ts";
import { startTcpGate } from "../../../support/servers/tcp-gate.ts";

const FILL = "for i = 1, 20000 do redis.call('SET', 'k' .. i, redis.sha1hex(i) .. redis.sha1hex(-i)) end";

const never = new AbortController().signal;

describeWithParts("a Redis that is full, or goes away while it is restored into", ["redis"], () => {
  let source: RedisServer;
  let scratch: RedisServer;
  let dump: TakenDump;
  beforeEach(async () => {
    [source, scratch] = await Promise.all([startRedis({ settings: ["repl-diskless-sync no"] }), startRedis()]);
    await source.command("EVAL", FILL, "0");
    dump = await takeDump(accessTo(source));
    await scratch.command("SET", SCRATCH_KEY, "yes");
  });
  afterEach(async () => {
    expect(childProcesses("redis-cli")).toEqual([]);
    await Promise.all([source.stop(), scratch.stop()]);
  });

  const proven = async (port = scratch.port): Promise<RestoreTarget> => {
    const target = await openRedisTarget({ ...accessTo(scratch), defaultPort: port }, never);
    onTestFinished(target.close);
    await target.prove("scratch", { database: "0", ...(dump.server === undefined ? {} : { server: dump.server }) });
    return target;
  };
  /** A dump that does something when half of it has been given. */
  async function* givenIn(act: () => unknown): AsyncGenerator<Uint8Array> {
    const half = dump.stored.length >> 1;
    yield* inPieces(dump.stored.subarray(0, half));
    await act();
    yield* inPieces(dump.stored.subarray(half));
  }
  const expectFailure = async (work: Promise<unknown>, says: RegExp): Promise<void> => {
    const said = await work.then(() => "it ended well", (error: unknown) => (error as Error).message);
    expect(said).toMatch(says);
    for (const { password } of [source, scratch]) expect(said).not.toContain(password);
  };
  const record = (fault: string, happened: string, changed: Partial<FaultRow> = {}): void =>
    recordFault({ engine: "redis", fault, happened, exit: "error", evidence: "failed", alarm: "check failed", left: "a part in scratch", ...changed });

  it.runIf(process.platform === "linux")("a server whose disk has no room for its snapshot: nothing is stored", async () => {
    const [, id = ""] = /process_id:(\d+)/.exec(await source.command("INFO", "server")) ?? [];
    execFileSync("prlimit", ["--pid", id, "--fsize=100000:100000"]);
    const store = folderStore(scriptsFolder({}));
    await expectFailure(runBackup(jobAt("2026-11-23T02:00:00Z", { engine: "redis", database: "0" }), {
      store, attempt: "one", now: () => new Date(), signal: never, openDump: (signal) => openRedisDump({ ...accessTo(source), database: "0" }, signal),
    }), /redis-cli to end well, it ended with exit code 1/);
    const left: string[] = [];
    for await (const { key } of store.list("")) left.push(key);
    expect(left).toEqual([]);
    record("disk of the server full", "ended with exit code 1", { evidence: "no manifest", alarm: "failed, late", left: "nothing" });
  });

  it("a scratch server without memory for all keys: the load fails, and names it", async () => {
    const target = await proven();
    await scratch.command("CONFIG", "SET", "maxmemory", "3mb");
    await expectFailure(target.load(givenIn(() => undefined)), /OOM command not allowed/);
    record("memory of the scratch server full", "OOM, in Redis' words");
  });

  it("redis-cli killed in the middle of a restore", async () => {
    const target = await proven();
    await expectFailure(target.load(givenIn(() => {
      const running = childProcesses("redis-cli");
      expect(running).toHaveLength(1);
      for (const one of running) process.kill(one.id, "SIGKILL");
    })), /redis-cli to end well, it ended with signal SIGKILL|EPIPE/);
    record("redis-cli killed in mid-restore", "ended with signal SIGKILL");
  });

  it("connection cut in the middle of a restore", async () => {
    const gate = await startTcpGate(scratch.port, Number.POSITIVE_INFINITY);
    onTestFinished(gate.stop);
    const target = await proven(gate.port);
    await expectFailure(target.load(givenIn(gate.cut)), /redis-cli to end well|to answer each of/);
    record("connection cut in mid-restore", "ended with an exit code");
  });
});
