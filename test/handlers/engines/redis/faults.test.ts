import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { runBackup } from "../../../../handlers/backup/run.ts";
import type { Dump } from "../../../../handlers/engines/dump.ts";
import { openRedisDump, type RedisSource } from "../../../../handlers/engines/redis/dump.ts";
import { type FaultRow, recordFault, recordNotSeen } from "../../../support/fault-matrix.ts";
import { jobAt } from "../../../support/handlers/dumps.ts";
import { startFullObjectS3 } from "../../../support/handlers/full-object-s3.ts";
import { childProcesses } from "../../../support/handlers/processes.ts";
import { accessTo, takeDump } from "../../../support/handlers/redis-dumps.ts";
import { scriptsFolder } from "../../../support/handlers/scripts.ts";
import { makeStore, type TestStore } from "../../../support/handlers/test-store.ts";
import { describeWithParts, programPath } from "../../../support/parts.ts";
import { type RedisServer, startRedis } from "../../../support/servers/redis.ts";
import type { S3Server } from "../../../support/servers/s3.ts";

const earlier = jobAt("2026-11-22T02:00:00Z", { source: "sessions", engine: "redis", database: "0" });
const job = { ...earlier, scheduledAt: new Date("2026-11-23T02:00:00Z") };

/** 16 MiB that do not compress: more than all that lies between the server and the store, so a fault in the middle is one. */
const FILL = `for i = 1, 16384 do local t = {} for j = 1, 26 do t[j] = redis.sha1hex(i .. ':' .. j) end redis.call('SET', 'k' .. i, table.concat(t)) end`;

interface Fault {
  readonly fault: string;
  readonly happened: string;
  readonly says: RegExp;
  readonly source?: () => Partial<RedisSource>;
  /** After the dump was opened, before its first byte. */
  readonly atStart?: () => void | Promise<void>;
  /** After the first piece of the dump. */
  readonly inMiddle?: () => void | Promise<void>;
}

describeWithParts("a fault while Redis is backed up", ["redis", "s3"], () => {
  let s3: S3Server;
  let redis: RedisServer;
  let store: TestStore;
  /** Of the night before: key and, of what is text, every byte. */
  let before: readonly string[];
  let scratch: string;
  let whole: Buffer;
  let calledOff: AbortController;
  beforeAll(async () => {
    [s3, redis] = await Promise.all([startFullObjectS3(), startRedis()]);
    await redis.command("EVAL", FILL, "0");
    whole = gunzipSync((await takeDump(accessTo(redis))).stored);
  });
  afterAll(() => Promise.all([s3.stop(), redis.stop()]));
  beforeEach(async () => {
    store = await makeStore(s3);
    await runBackup(earlier, { store, attempt: "earlier", now: () => new Date(), signal: new AbortController().signal, openDump: (signal) => openRedisDump({ ...accessTo(redis), database: "0" }, signal) });
    before = await kept();
    expect(before).toHaveLength(2);
    calledOff = new AbortController();
    scratch = mkdtempSync(join(tmpdir(), "test-"));
    process.env["TMPDIR"] = scratch;
  });
  afterEach(() => {
    delete process.env["TMPDIR"];
    expect(childProcesses("redis-cli")).toEqual([]);
    expect(readdirSync(scratch).filter((name) => name.startsWith("upkeep-"))).toEqual([]);
    rmSync(scratch, { recursive: true });
  });

  const kept = async (): Promise<readonly string[]> =>
    Promise.all((await store.keys()).map(async (key) => `${key} ${JSON.stringify(await store.facts(key))} ${key.endsWith(".json") ? await store.text(key) : ""}`));
  const killChild = (): void => {
    const [child] = childProcesses("redis-cli");
    if (child === undefined) throw new Error("Expected redis-cli to run, it does not.");
    process.kill(child.id, "SIGKILL");
  };
  /** A redis-cli that does as the official one, but for the snapshot. */
  const insteadOfSnapshot = (script: string): Partial<RedisSource> => ({
    tools: scriptsFolder({ "redis-cli": `real=${programPath("redis", "redis-cli")}\ncase "$*" in *--rdb*) ${script};; *) exec $real "$@";; esac` }),
  });
  const writing = (bytes: Uint8Array): Partial<RedisSource> => {
    const file = join(scratch, "written.rdb");
    writeFileSync(file, bytes);
    return insteadOfSnapshot(`cat ${file}`);
  };
  const flipped = (): Buffer => {
    const at = whole.length >> 1;
    const changed = Buffer.from(whole);
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
    return changed;
  };
  const disturbed = (dump: Dump, { atStart, inMiddle }: Fault): Dump => {
    async function* body(): AsyncGenerator<Uint8Array> {
      await atStart?.();
      let first = true;
      for await (const chunk of dump.body) {
        yield chunk;
        if (first) await inMiddle?.();
        first = false;
      }
    }
    return { ...dump, body: body() };
  };

  const faults: readonly Fault[] = [
    { fault: "redis-cli killed at its start", happened: "ended with signal SIGKILL", says: /redis-cli to end well, it ended with signal SIGKILL/, atStart: killChild },
    { fault: "redis-cli killed in the middle", happened: "ended with signal SIGKILL", says: /signal SIGKILL/, inMiddle: killChild },
    { fault: "redis-cli killed after its last byte", happened: "ended with signal SIGKILL", says: /signal SIGKILL/, source: () => insteadOfSnapshot('$real "$@"; kill -s KILL $$') },
    { fault: "exit code 3, output complete", happened: "ended with exit code 3", says: /exit code 3/, source: () => insteadOfSnapshot('$real "$@"; exit 3') },
    {
      fault: "connection cut in the middle", happened: "redis-cli: I/O error", says: /exit code 1.*I\/O Error/s,
      inMiddle: async () => {
        await expect.poll(() => redis.command("CLIENT", "KILL", "TYPE", "replica"), { timeout: 5_000 }).toBe("1");
      },
    },
    { fault: "wrong password", happened: "refused before the dump", says: /WRONGPASS/, source: () => accessTo(redis, { password: "wrong" }) },
    { fault: "database empty that was not", happened: "no keys in that database", says: /Expected keys in the database 1 of Redis, it has none/, source: () => ({ database: "1" }) },
    { fault: "snapshot truncated, exit code 0", happened: "breaks off", says: /breaks off after/, source: () => writing(whole.subarray(0, whole.length - 9)) },
    { fault: "one byte of the snapshot flipped", happened: "checksum differs", says: /the snapshot is corrupt/, source: () => writing(flipped()) },
    { fault: "more after the snapshot's end", happened: "more came", says: /Expected nothing after the end of the snapshot/, source: () => writing(Buffer.concat([whole, Buffer.from("and more")])) },
    { fault: "snapshot empty, exit code 0", happened: "nothing came", says: /nothing came/, source: () => writing(Buffer.alloc(0)) },
    { fault: "server newer than the client", happened: "refused before the dump", says: /Expected a Redis from 5\.0 to 7\.0/, source: () => ({
      tools: scriptsFolder({ "redis-cli": 'case "$*" in *--version) echo "redis-cli 7.0.15";; *) printf "redis_version:7.2.4\\nrun_id:a\\nuptime_in_seconds:60\\nrole:master\\n";; esac' }),
    }) },
    { fault: "the function's deadline", happened: "stopped cleanly", says: /the deadline/, inMiddle: () => calledOff.abort(new Error("the deadline")) },
  ];

  const row = ({ fault, happened }: Pick<FaultRow, "fault" | "happened">): FaultRow =>
    ({ engine: "redis", fault, happened, exit: "error", evidence: "no manifest", alarm: "failed, then age", left: "the earlier backup" });
  const failureOf = async (fault: Fault, from: RedisServer): Promise<string> => {
    const source = { ...accessTo(from), database: "0", ...fault.source?.() };
    const said = await runBackup(job, {
      store, attempt: "one", now: () => new Date(), signal: calledOff.signal, openDump: async (signal) => disturbed(await openRedisDump(source, signal), fault),
    }).then(({ outcome }) => outcome, (error: unknown) => String(error));
    expect(said).not.toContain(from.password);
    await expect(kept()).resolves.toEqual(before);
    await expect(store.unfinished()).resolves.toEqual([]);
    return said;
  };

  it.each(faults)("$fault: nothing is stored, and nothing of the earlier backup is lost", async (fault) => {
    expect(await failureOf(fault, redis)).toMatch(fault.says);
    recordFault(row(fault));
  });

  it("a server that goes away in the middle: nothing is stored, and nothing of the earlier backup is lost", async () => {
    const fault = { fault: "server stopped in the middle", happened: "redis-cli: I/O error", says: /I\/O Error/ };
    const going = await startRedis();
    try {
      await going.command("EVAL", FILL, "0");
      expect(await failureOf({ ...fault, inMiddle: going.stop }, going)).toMatch(fault.says);
    } finally {
      await going.stop();
    }
    recordFault(row(fault));
    recordNotSeen({ engine: "redis", what: "values of modules, snapshots of 5.0 and 6.2", why: "the server here is 7.0 without modules; their forms are read from bytes made by hand" });
    recordNotSeen({ engine: "redis", what: "MemoryDB, clusters", why: "no server of them here; the refusals are read from words" });
  });
});
