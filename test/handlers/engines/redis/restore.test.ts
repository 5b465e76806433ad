import { afterEach, beforeEach, expect, it } from "vitest";
import { openRedisTarget } from "../../../../handlers/engines/redis/restore.ts";
import { SCRATCH_KEY } from "../../../../handlers/engines/redis/scratch.ts";
import { NotATarget, type Purpose, type RestoreSource, type RestoreTarget } from "../../../../handlers/engines/restore.ts";
import { recordFault } from "../../../support/fault-matrix.ts";
import { accessTo, inPieces, takeDump, type TakenDump } from "../../../support/handlers/redis-dumps.ts";
import { FILLED, fillRedis } from "../../../support/handlers/redis-data.ts";
import { childProcesses } from "../../../support/handlers/processes.ts";
import { describeWithParts } from "../../../support/parts.ts";
import { type RedisServer, startRedis } from "../../../support/servers/redis.ts";

const never = new AbortController().signal;

describeWithParts("a restore of Redis", ["redis"], () => {
  let source: RedisServer;
  let target: RedisServer;
  let opened: RestoreTarget;
  let dump: TakenDump;
  beforeEach(async () => {
    [source, target] = await Promise.all([startRedis({ settings: ["enable-debug-command yes"] }), startRedis()]);
    await fillRedis(source);
    dump = await takeDump(accessTo(source));
    opened = await openRedisTarget(accessTo(target), never);
  });
  afterEach(async () => {
    await opened.close();
    expect(childProcesses("redis-cli")).toEqual([]);
    await Promise.all([source.stop(), target.stop()]);
  });

  const backedUp = (): RestoreSource => ({ database: "0", ...(dump.server === undefined ? {} : { server: dump.server }) });
  const prove = async (purpose: Purpose): Promise<void> => {
    if (purpose === "scratch") await target.command("SET", SCRATCH_KEY, "yes");
    await opened.prove(purpose, backedUp());
  };
  const refused = async (purpose: Purpose, change: Partial<RestoreSource> = {}): Promise<string> => {
    const before = await target.command("INFO", "keyspace");
    const error = await opened.prove(purpose, { ...backedUp(), ...change }).then(() => undefined, (reason: unknown) => reason);
    expect(error).toBeInstanceOf(NotATarget);
    for (const { password } of [source, target]) expect(String(error)).not.toContain(password);
    await expect(target.command("INFO", "keyspace")).resolves.toBe(before);
    return error instanceof Error ? error.message : "";
  };

  it.each(["scratch", "recovery"] as const)("into a %s server brings back every database, with the same counts and hashes", async (purpose) => {
    await prove(purpose);
    await opened.load(inPieces(dump.stored));
    await expect(opened.contents()).resolves.toEqual({ counts: FILLED, hashes: dump.hashes, hashedBy: dump.hashedBy });
    await expect(target.command("LRANGE", "list:long", "1", "1")).resolves.toBe("short");
    await expect(target.command("XPENDING", "stream", "readers")).resolves.toMatch(/^10\n/);
    await expect(target.command("FCALL", "greet", "0")).resolves.toBe("hello");
  });

  it("finds any value that is not what it was", async () => {
    await prove("scratch");
    await opened.load(inPieces(dump.stored));
    await target.command("HSET", "hash:large", "f7", "another");
    const { counts, hashes } = await opened.contents();
    expect(counts).toEqual(FILLED);
    expect(hashes?.["db0"]).not.toBe(dump.hashes?.["db0"]);
    expect(hashes?.["db3"]).toBe(dump.hashes?.["db3"]);
  });

  it("in a drill keeps what has expired since, so that it can be compared; in a recovery leaves it out, and says the same of the rest", async () => {
    // Expired, and not yet removed: so it is in the snapshot, as a key is that expires later.
    await source.command("DEBUG", "SET-ACTIVE-EXPIRE", "0");
    await source.command("SET", "short", "lived", "PX", "1");
    dump = await takeDump(accessTo(source));
    expect(dump.counts).toEqual({ ...FILLED, db0: FILLED.db0 + 1 });

    await prove("scratch");
    await opened.load(inPieces(dump.stored));
    await expect(opened.contents()).resolves.toEqual({ counts: { ...FILLED, db0: FILLED.db0 + 1 }, hashes: dump.hashes, hashedBy: dump.hashedBy });
    await expect(target.command("EXISTS", "short")).resolves.toBe("1");

    await target.command("FLUSHALL");
    await target.command("FUNCTION", "FLUSH");
    await prove("recovery");
    await opened.load(inPieces(dump.stored));
    await expect(opened.contents()).resolves.toEqual({ counts: { ...FILLED, db0: FILLED.db0 + 1 }, hashes: dump.hashes, hashedBy: dump.hashedBy });
    await expect(target.command("EXISTS", "short")).resolves.toBe("0");
    await expect(target.command("PEXPIRETIME", "session")).resolves.toBe(await source.command("PEXPIRETIME", "session"));
  });

  it("writes nothing before the target has proved itself", async () => {
    await expect(opened.load(inPieces(dump.stored))).rejects.toThrow("Expected the target to have proved itself");
    await expect(target.command("DBSIZE")).resolves.toBe("0");
  });

  it.each([
    ["cut in its middle", (bytes: Buffer) => bytes.subarray(0, bytes.length >> 1), /unexpected end|breaks off/i],
    ["empty", () => Buffer.alloc(0), /unexpected end|breaks off/i],
    ["not compressed", () => Buffer.from("REDIS0010 and so on"), /header/],
  ])("of a dump that is %s fails", async (spoiled, spoil, message) => {
    await prove("scratch");
    await expect(opened.load(inPieces(spoil(dump.stored)))).rejects.toThrow(message);
    recordFault({ engine: "redis", fault: `restore of a dump that is ${spoiled}`, happened: "load fails", exit: "error", evidence: "corrupted or failed", alarm: "check failed", left: "a half scratch" });
  });

  it("is not begun before the target has proved itself, nor once somebody has begun to use it", async () => {
    await expect(opened.load(inPieces(dump.stored))).rejects.toBeInstanceOf(NotATarget);
    await prove("scratch");
    await target.command("SET", "somebody's", "mine");
    await expect(opened.load(inPieces(dump.stored))).rejects.toThrow("it holds keys (db0: 2)");
    await expect(target.command("DBSIZE")).resolves.toBe("2");
    recordFault({ engine: "redis", fault: "target used between proof and load", happened: "target refused", exit: "error", evidence: "failed", alarm: "check failed", left: "target as it was" });
  });

  it("fails when somebody writes a key while it runs, and names why", async () => {
    await prove("scratch");
    async function* meanwhile(): AsyncGenerator<Uint8Array> {
      await target.command("SET", "number", "mine");
      yield* inPieces(dump.stored);
    }
    await expect(opened.load(meanwhile())).rejects.toThrow(/exit code 1.*BUSYKEY/s);
    await expect(target.command("GET", "number")).resolves.toBe("mine");
  });

  it("ends redis-cli when it is called off", async () => {
    const calledOff = new AbortController();
    const other = await openRedisTarget(accessTo(target), calledOff.signal);
    await target.command("SET", SCRATCH_KEY, "yes");
    await other.prove("scratch", backedUp());
    async function* stalls(): AsyncGenerator<Uint8Array> {
      yield dump.stored.subarray(0, 100);
      const stopped = new Promise((resolve) => calledOff.signal.addEventListener("abort", resolve));
      calledOff.abort(new Error("the deadline"));
      await stopped;
      calledOff.signal.throwIfAborted();
    }
    await expect(other.load(stalls())).rejects.toThrow("the deadline");
    await other.close();
  });

  it("asks what only reads", async () => {
    await prove("scratch");
    await opened.load(inPieces(dump.stored));
    await expect(opened.ask("GET number")).resolves.toBe("12345");
    await expect(opened.ask('HGET "hash:large" \'f2\'')).resolves.toBe("yy");
    for (const question of ["SET a b", "flushall", "EVAL 'return 1' 0", "nonsense"]) await expect(opened.ask(question), question).rejects.toThrow("Expected a command that only reads");
    await expect(opened.ask(" ")).rejects.toThrow("Expected a command of Redis, got nothing");
  });

  it("is refused where nobody said that the server may be thrown away", async () => {
    await expect(refused("scratch")).resolves.toMatch(/not marked as scratch\. Mark an empty server with `SET upkeep:scratch yes`/);
  });

  it.each(["scratch", "recovery"] as const)("is refused as %s into a server that holds keys or functions", async (purpose) => {
    if (purpose === "scratch") await target.command("SET", SCRATCH_KEY, "yes");
    await target.command("-n", "4", "SET", "mine", "1");
    await expect(refused(purpose)).resolves.toContain("it holds keys (db4: 1)");
    await target.command("-n", "4", "DEL", "mine");
    await target.command("FUNCTION", "LOAD", "#!lua name=mine\nredis.register_function('f', function() return 1 end)");
    await expect(refused(purpose)).resolves.toContain("it holds functions");
    recordFault({ engine: "redis", fault: `restore into a server with keys (${purpose})`, happened: "target refused", exit: "error", evidence: "failed", alarm: "check failed", left: "target as it was" });
  });

  it("is refused for a recovery into a server that is marked as scratch, which will be thrown away", async () => {
    await target.command("SET", SCRATCH_KEY, "yes");
    await expect(refused("recovery")).resolves.toContain("it holds keys (db0: 1)");
  });

  it("is refused into a replica of what was backed up, and into its master", async () => {
    await target.command("SET", SCRATCH_KEY, "yes");
    await target.command("CONFIG", "SET", "masteruser", source.user, "masterauth", source.password);
    await target.command("REPLICAOF", source.host, String(source.port));
    await expect.poll(() => target.command("INFO", "replication"), { timeout: 10_000 }).toContain("master_link_status:up");
    await expect(refused("recovery")).resolves.toMatch(/it replicates with the server that was backed up; it is a replica, so it holds what its master holds/);

    const master = await openRedisTarget(accessTo(source), never);
    await source.command("CONFIG", "SET", "repl-ping-replica-period", "1");
    await expect.poll(() => source.command("INFO", "replication"), { timeout: 10_000 }).toContain("state=online");
    await expect(master.prove("scratch", { database: "0", server: { address: `${target.host}:${target.port}` } }))
      .rejects.toThrow(/it replicates with the server that was backed up; it has replicas \(127\.0\.0\.1:\d+\), so somebody relies on it/);
    await master.close();
  });

  it("refuses a dump that the target is too old for, before its first key", async () => {
    const { restoreCommands } = await import("../../../../handlers/engines/redis/restore-commands.ts");
    const commands = restoreCommands(inPieces(Buffer.from("REDIS0010")), { username: "u", password: "p", newestVersion: 9, expiryOf: () => "never" });
    await expect((async () => {
      for await (const _ of commands) continue;
    })()).rejects.toThrow("Expected a target that reads snapshots of version 10, its Redis reads 9 at most");
  });
});
