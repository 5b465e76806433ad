import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from "vitest";
import { openFilesDump } from "../../../handlers/backup/engines/files.ts";
import { runBackup } from "../../../handlers/backup/run.ts";
import type { Bucket } from "../../../handlers/store/objects.ts";
import type { BackupOutcome } from "../../../practice/contract/events.ts";
import type { BackupManifest } from "../../../practice/contract/manifest.ts";
import { jobAt } from "../../support/handlers/dumps.ts";
import { type Fate, type SeenRequest, startFaultyProxy } from "../../support/handlers/faulty-proxy.ts";
import { startFullObjectS3 } from "../../support/handlers/full-object-s3.ts";
import { fetchTo } from "../../support/handlers/object-file.ts";
import { makeStore, settingsOf, type TestStore } from "../../support/handlers/test-store.ts";
import { describeWithParts } from "../../support/parts.ts";
import type { S3Server } from "../../support/servers/s3.ts";

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
  const manifest = async (): Promise<BackupManifest> => JSON.parse(await store.text(manifestAt)) as BackupManifest;

  it("is unpacked by stock tar, byte for byte", async () => {
    const files = { "a.txt": Buffer.from("text"), "empty": Buffer.alloc(0), [longName]: Buffer.alloc(3_000_000, "png"), "ä b/é.txt": Buffer.from("letters") };
    for (const [key, body] of Object.entries(files)) await uploads.put(key, body);
    await uploads.put("marker/", Buffer.alloc(0));
    await expect(backUp()).resolves.toMatchObject({ outcome: "stored" });
    expect((await manifest()).counts).toEqual({ objects: 5 });

    const folder = mkdtempSync(join(tmpdir(), "unpacked-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    await fetchTo(join(folder, "fetched.tar.gz"), store, (await manifest()).object.key);
    mkdirSync(join(folder, "restored"));
    execFileSync("tar", ["-xzf", join(folder, "fetched.tar.gz"), "-C", join(folder, "restored")]);
    for (const [key, body] of Object.entries(files)) expect(readFileSync(join(folder, "restored", key)).equals(body), key).toBe(true);
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
