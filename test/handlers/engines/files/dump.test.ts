import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from "vitest";
import { openFilesDump } from "../../../../handlers/engines/files/dump.ts";
import { runBackup } from "../../../../handlers/backup/run.ts";
import type { Bucket } from "../../../../handlers/store/s3/objects.ts";
import type { BackupOutcome } from "../../../../practice/contract/events.ts";
import type { BackupManifest } from "../../../../practice/contract/manifest.ts";
import { jobAt } from "../../../support/handlers/dumps.ts";
import { type Fate, type SeenRequest, startFaultyProxy } from "../../../support/handlers/faulty-proxy.ts";
import { startFullObjectS3 } from "../../../support/handlers/full-object-s3.ts";
import { fetchTo } from "../../../support/handlers/object-file.ts";
import { makeStore, settingsOf, type TestStore } from "../../../support/handlers/test-store.ts";
import { describeWithParts } from "../../../support/parts.ts";
import type { S3Server } from "../../../support/servers/s3.ts";

const manifestAt = "campus/uploads/2026/11/20261123T020000Z/manifest.json";
const longName = `deep/${"folder/".repeat(20)}picture.png`;

describeWithParts("a backup of a bucket", ["s3"], () => {
  let server: S3Server;
  let store: TestStore;
  let uploads: TestStore;
  beforeAll(async () => {
    server = await startFullObjectS3();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    [store, uploads] = await Promise.all([makeStore(server), makeStore(server)]);
  });

  const backUp = (from: Bucket = uploads): Promise<BackupOutcome> => runBackup(
    jobAt("2026-11-23T02:00:00Z", { source: "uploads", engine: "files", database: uploads.name }),
    { store, attempt: "one", now: () => new Date(), signal: new AbortController().signal, openDump: (signal) => Promise.resolve(openFilesDump(from, signal)) },
  );
  const readThrough = async (fateOf: (seen: SeenRequest) => Fate): Promise<Bucket> => {
    const proxy = await startFaultyProxy(server.endpoint, fateOf);
    onTestFinished(() => proxy.stop());
    return { name: uploads.name, s3: new S3Client({ ...settingsOf(server, proxy.endpoint), maxAttempts: 1 }) };
  };
  /** The archive as a file, in a folder of its own. */
  const fetched = async (): Promise<string> => {
    const folder = mkdtempSync(join(tmpdir(), "unpacked-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "fetched.tar.gz");
    await fetchTo(file, store, (await manifest()).object.key);
    return file;
  };
  const manifest = async (): Promise<BackupManifest> => JSON.parse(await store.text(manifestAt)) as BackupManifest;

  it("is unpacked by stock tar, byte for byte", async () => {
    const files = { "a.txt": Buffer.from("text"), "empty": Buffer.alloc(0), [longName]: Buffer.alloc(3_000_000, "png"), "ä b/é.txt": Buffer.from("letters") };
    for (const [key, body] of Object.entries(files)) await uploads.put(key, body);
    await uploads.put("marker/", Buffer.alloc(0));
    await expect(backUp()).resolves.toMatchObject({ outcome: "stored" });
    expect((await manifest()).counts).toEqual({ objects: 5 });

    const folder = dirname(await fetched());
    mkdirSync(join(folder, "restored"));
    execFileSync("tar", ["-xzf", join(folder, "fetched.tar.gz"), "-C", join(folder, "restored")]);
    for (const [key, body] of Object.entries(files)) expect(readFileSync(join(folder, "restored", key)).equals(body), key).toBe(true);
  });

  it("holds objects that are files and folders at once, and says how to get them", async () => {
    const bodies = { "a": "the file", "a.txt": "beside", "a/b": "under the file", "c//d": "no path", "e/": "" };
    for (const [key, body] of Object.entries(bodies)) await uploads.put(key, body);
    await backUp();
    expect((await manifest()).consistency).toMatch(/ 2 keys cannot be unpacked as files .*; the first: a\/b\. Each is in the archive: tar --no-recursion -xOf gives it by its name\.$/);
    const archive = await fetched();
    for (const [key, body] of Object.entries(bodies)) expect(execFileSync("tar", ["--no-recursion", "-xzOf", archive, key], { encoding: "utf8" }), key).toBe(body);
  });

  it("says nothing of keys where all can be unpacked", async () => {
    for (const key of ["a", "a.txt", "ab/c", "d/", "d/e"]) await uploads.put(key, "");
    await backUp();
    expect((await manifest()).consistency).toMatch(/may be in it or not\.$/);
  });

  it("fetches 16 small objects at a time, whole, and large ones only in their turn", async () => {
    const bodies = new Map<string, Buffer>();
    for (let index = 101; index < 151; index += 1) bodies.set(`${index}`, index % 20 === 0 ? Buffer.alloc(1_500_000, `${index}`) : Buffer.from(`body of ${index}`));
    for (const [key, body] of bodies) await uploads.put(key, body);
    const most = { small: 0, large: 0 };
    const now = { small: 0, large: 0 };
    const from = { name: uploads.name, s3: new S3Client(settingsOf(server)) };
    from.s3.middlewareStack.add((next, context) => async (args) => {
      if (context.commandName !== "GetObjectCommand") return next(args);
      const size = Number((args.input as { readonly Key: string }).Key) % 20 === 0 ? "large" : "small";
      most[size] = Math.max(most[size], now[size] += 1);
      await wait(20);
      const answer = await next(args);
      now[size] -= 1;
      return answer;
    }, { step: "initialize" });
    await backUp(from);
    expect(most).toEqual({ small: 16, large: 1 });
    const archive = await fetched();
    expect(execFileSync("tar", ["-tzf", archive], { encoding: "utf8" }).trim().split("\n")).toEqual([...bodies.keys()]);
    for (const key of ["101", "120", "149"]) expect(execFileSync("tar", ["-xzOf", archive, key], { maxBuffer: 2_000_000 }).equals(bodies.get(key) ?? Buffer.alloc(0)), key).toBe(true);
  });

  it("takes an object whole that has grown since it was listed", async () => {
    await uploads.put("log", "one line");
    const grown = Buffer.alloc(1_500_000, "lines");
    const from = { name: uploads.name, s3: new S3Client(settingsOf(server)) };
    from.s3.middlewareStack.add((next, context) => async (args) => {
      if (context.commandName === "GetObjectCommand") await uploads.put("log", grown);
      return next(args);
    }, { step: "initialize" });
    await backUp(from);
    expect(execFileSync("tar", ["-xzOf", await fetched(), "log"], { maxBuffer: 2_000_000 }).equals(grown)).toBe(true);
  });

  it("ends at once when it is given up, whatever is on its way", async () => {
    for (const key of ["a", "b", "c"]) await uploads.put(key, "x");
    const from = await readThrough(({ path }) => (/\/[abc]\?/.test(path) ? "stall" : "pass"));
    const stop = new AbortController();
    const dump = openFilesDump(from, stop.signal);
    const first = dump.body[Symbol.asyncIterator]().next().then(() => undefined, (error: unknown) => error);
    await wait(200);
    await dump.close();
    await expect(first).resolves.toBeInstanceOf(Error);
  });

  it("may be of a bucket that is still empty", async () => {
    await expect(backUp()).resolves.toMatchObject({ outcome: "stored" });
    expect((await manifest()).counts).toEqual({ objects: 0 });
  });

  it("reads a listing of several pages", async () => {
    const keys = Array.from({ length: 1_003 }, (_, index) => `small/${index}`);
    for (let first = 0; first < keys.length; first += 50) await Promise.all(keys.slice(first, first + 50).map((key) => uploads.put(key, "x")));
    await backUp();
    expect((await manifest()).counts).toEqual({ objects: 1_003 });
  }, 60_000);

  it("goes without an object that was deleted after it was listed", async () => {
    await uploads.put("stays", "x");
    await uploads.put("goes", "x");
    const from = await readThrough(({ method, path }) => (method === "GET" && path.includes("/goes") ? { status: 404, code: "NoSuchKey" } : "pass"));
    await expect(backUp(from)).resolves.toMatchObject({ outcome: "stored" });
    expect((await manifest()).counts).toEqual({ objects: 1 });
  });

  it.each<[string, Fate]>([["may not be read", { status: 403, code: "AccessDenied" }], ["breaks off", "reset"]])(
    "stores nothing when an object %s", async (_, fate) => {
      await uploads.put("a", "fine");
      await uploads.put("b", "not fine");
      const from = await readThrough(({ method, path }) => (method === "GET" && path.includes("/b?") ? fate : "pass"));
      await expect(backUp(from)).rejects.toThrow();
      await expect(store.keys()).resolves.toEqual([]);
      await expect(store.unfinished()).resolves.toEqual([]);
    },
  );
});
