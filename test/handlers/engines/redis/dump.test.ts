import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { runBackup } from "../../../../handlers/backup/run.ts";
import type { RedisAccess } from "../../../../handlers/engines/redis/connection.ts";
import { openRedisDump, type RedisSource } from "../../../../handlers/engines/redis/dump.ts";
import type { BackupOutcome } from "../../../../practice/contract/events.ts";
import type { BackupManifest } from "../../../../practice/contract/manifest.ts";
import { recordFault } from "../../../support/fault-matrix.ts";
import { jobAt } from "../../../support/handlers/dumps.ts";
import { startFullObjectS3 } from "../../../support/handlers/full-object-s3.ts";
import { childProcesses } from "../../../support/handlers/processes.ts";
import { accessTo, takeDump } from "../../../support/handlers/redis-dumps.ts";
import { FILLED, fillRedis } from "../../../support/handlers/redis-data.ts";
import { scriptsFolder } from "../../../support/handlers/scripts.ts";
import { fetchTo } from "../../../support/handlers/object-file.ts";
import { makeStore, type TestStore } from "../../../support/handlers/test-store.ts";
import { describeWithParts } from "../../../support/parts.ts";
import { certificateFiles } from "../../../support/servers/certificate.ts";
import { loadRedis, type RedisServer, startRedis } from "../../../support/servers/redis.ts";
import type { S3Server } from "../../../support/servers/s3.ts";

const job = jobAt("2026-11-23T02:00:00Z", { source: "sessions", engine: "redis", database: "0" });
const folder = "campus/sessions/2026/11/20261123T020000Z/";

describeWithParts("a backup of Redis", ["redis", "s3"], () => {
  let s3: S3Server;
  let redis: RedisServer;
  let store: TestStore;
  let scratch: string;
  beforeAll(async () => {
    [s3, redis] = await Promise.all([startFullObjectS3(), startRedis()]);
    await fillRedis(redis);
  });
  afterAll(() => Promise.all([s3.stop(), redis.stop()]));
  beforeEach(async () => {
    store = await makeStore(s3);
    scratch = mkdtempSync(join(tmpdir(), "test-"));
  });
  afterEach(() => {
    expect(childProcesses("redis-cli")).toEqual([]);
    rmSync(scratch, { recursive: true });
  });

  const backUp = (changed: Partial<RedisSource> = {}): Promise<BackupOutcome> => runBackup(job, {
    store, attempt: "one", now: () => new Date(), signal: new AbortController().signal,
    openDump: (signal) => openRedisDump({ ...accessTo(redis), database: "0", ...changed }, signal),
  });
  const expectNothingStored = async (): Promise<void> => {
    await expect(store.keys()).resolves.toEqual([]);
    await expect(store.unfinished()).resolves.toEqual([]);
  };

  it("counts and hashes every database, and a stock server starts from it", async () => {
    await expect(backUp()).resolves.toMatchObject({ outcome: "stored" });
    const manifest = JSON.parse(await store.text(`${folder}manifest.json`)) as BackupManifest;
    expect(manifest).toMatchObject({ counts: FILLED, hashedBy: "redis-keys-1", tool: expect.stringMatching(/^redis-cli 7/) as string, serverVersion: expect.stringMatching(/^7\.0\./) as string });
    expect(Object.keys(manifest.hashes ?? {})).toEqual(["db0", "db3", "functions"]);
    expect(manifest.server).toEqual({ address: `${redis.host}:${redis.port}`, id: /run_id:(\w+)/.exec(await redis.command("INFO", "server"))?.[1] });
    expect(manifest.restoreCommand).toContain("| gunzip > restored.rdb && redis-check-rdb restored.rdb");

    const compressed = join(scratch, "fetched.rdb.gz");
    await fetchTo(compressed, store, manifest.object.key);
    const snapshot = gunzipSync(readFileSync(compressed));
    expect(snapshot).toHaveLength(manifest.dumpBytes);
    const restored = await loadRedis(snapshot);
    try {
      await expect(restored.command("DBSIZE")).resolves.toBe(String(FILLED.db0));
      await expect(restored.command("HGET", "hash:large", "f3")).resolves.toBe("yyy");
      await expect(restored.command("FCALL", "greet", "0")).resolves.toBe("hello");
    } finally {
      await restored.stop();
    }
  });

  it("makes no hashes where none are wanted", async () => {
    const { counts, hashes, hashedBy } = await takeDump({ ...accessTo(redis), hashes: false });
    expect({ counts, hashes, hashedBy }).toEqual({ counts: FILLED, hashes: undefined, hashedBy: undefined });
  });

  it("shows the password to nobody while it runs, and leaves no file of it", async () => {
    // A server that waits for more replicas before it begins: the program is there to be looked at.
    const waiting = await startRedis({ settings: ["repl-diskless-sync-delay 60"] });
    process.env["TMPDIR"] = scratch;
    try {
      const dump = await openRedisDump({ ...accessTo(waiting), database: "0" }, new AbortController().signal);
      await expect.poll(() => childProcesses("--rdb")).toHaveLength(1);
      const [seen] = childProcesses("--rdb");
      await dump.close();
      expect(seen?.command).toContain("redis-cli");
      expect(seen?.command).not.toContain(waiting.password);
      expect(seen?.environment).not.toContain(waiting.password);
      expect(readdirSync(scratch)).toEqual([]);
    } finally {
      delete process.env["TMPDIR"];
      await waiting.stop();
    }
  });

  it("says so when the server writes no checksum", async () => {
    await redis.command("CONFIG", "GET", "rdbchecksum");
    const plain = await startRedis({ settings: ["rdbchecksum no"] });
    try {
      await plain.command("SET", "a", "1");
      expect((await takeDump(accessTo(plain))).consistency).toContain("Without a checksum of its own");
      expect((await takeDump(accessTo(redis))).consistency).not.toContain("Without");
    } finally {
      await plain.stop();
    }
  });

  it("encrypts by default, and knows the server by the secret's certificate alone", async () => {
    const files = await certificateFiles();
    const secure = await startRedis({ tls: { certificate: files.certificate, key: files.key, authority: files.certificate } });
    try {
      await secure.command("SET", "a", "1");
      const { credentials: { tls: _, ...encrypted }, ...rest } = accessTo(secure);
      await expect(takeDump({ ...rest, credentials: { ...encrypted, caCertificate: readFileSync(files.certificate, "utf8") } })).resolves.toMatchObject({ counts: { db0: 1 } });
      await expect(takeDump({ ...rest, credentials: encrypted })).rejects.toThrow(/certificate verify failed|self.signed/i);
    } finally {
      await secure.stop();
      rmSync(files.folder, { recursive: true });
    }
  });

  interface Changed extends Omit<Partial<RedisSource>, "credentials"> {
    readonly credentials?: Partial<RedisAccess["credentials"]>;
  }

  it.each<readonly [string, Changed, string]>([
    ["a server without encryption", { credentials: { tls: true }, answerMilliseconds: 2_000 }, '"tls": false into the secret of a server that has none'],
    ["a wrong password", { credentials: { password: "wrong" } }, "WRONGPASS"],
    ["a password of two lines", { credentials: { password: "one\ntwo" } }, "Expected a password of one line"],
    ["a database that has no keys", { database: "5" }, "Expected keys in the database 5 of Redis, it has none (db0, db3 do). Is the number right?"],
  ])("stores nothing of %s", async (_, { credentials, ...changed }, message) => {
    const said = await backUp({ ...accessTo(redis, credentials), ...changed }).then(() => "", (error: unknown) => String(error));
    expect(said).toContain(message);
    expect(said).not.toContain(redis.password);
    await expectNothingStored();
  });

  it("names the right that a user lacks, and takes one who has no more than the rights that are named", async () => {
    await redis.command("ACL", "SETUSER", "reader", "on", ">pw", "~*", "+info");
    const user = accessTo(redis, { username: "reader", password: "pw" });
    await expect(backUp(user)).rejects.toThrow(/it refused: NOPERM.*ACL SETUSER <user> \+info \+sync \+psync \+replconf.*ElastiCache/s);
    await expectNothingStored();
    recordFault({ engine: "redis", fault: "missing privilege", happened: "names the rights", exit: "error", evidence: "no manifest", alarm: "failed, late", left: "nothing" });
    await redis.command("ACL", "SETUSER", "reader", "resetkeys", "+sync", "+psync", "+replconf");
    await expect(takeDump(user)).resolves.toMatchObject({ counts: FILLED });
  });

  it("refuses a replica that is not in step with its master", async () => {
    const replica = await startRedis();
    try {
      await replica.command("REPLICAOF", "127.0.0.1", "1");
      await expect(takeDump(accessTo(replica))).rejects.toThrow("is a replica that is not in step with its master");
    } finally {
      await replica.stop();
    }
  });
});

describe("a server whose snapshot could not be used", () => {
  const facts = (changed: Readonly<Record<string, string>>): string =>
    Object.entries({ redis_version: "7.0.15", run_id: "abc", uptime_in_seconds: "60", role: "master", cluster_enabled: "0", ...changed }).map(([name, value]) => `${name}:${value}`).join("\\n");
  const open = (info: string): Promise<unknown> => openRedisDump({
    credentials: { username: "default", password: "p w", host: "cache.example" }, defaultPort: 6379, database: "0",
    tools: scriptsFolder({ "redis-cli": `case "$*" in *--version) echo "redis-cli 7.0.15";; *INFO) printf '${info}\\n';; *) exit 1;; esac` }),
  }, new AbortController().signal);

  it.each([
    ["is part of a cluster", { cluster_enabled: "1" }, "cache.example:6379 is a node of a cluster: what it holds is a part of them"],
    ["is newer than the programs", { redis_version: "7.2.4" }, "Expected a Redis from 5.0 to 7.0, whose snapshots can be read, cache.example:6379 is 7.2.4 and the tools layer has redis-cli 7.0.15"],
    ["is older than what is read", { redis_version: "4.0.14" }, "is 4.0.14"],
  ])("%s: refused before its first byte", async (_, changed, message) => {
    await expect(open(facts(changed))).rejects.toThrow(message);
  });

  it("says nothing of itself: refused with the right that is missing", async () => {
    await expect(open("role:master")).rejects.toThrow("to say redis_version, it does not: the user needs the right to INFO");
  });
});
