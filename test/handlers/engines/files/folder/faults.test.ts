import { randomBytes } from "node:crypto";
import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, onTestFinished } from "vitest";
import { runBackup } from "../../../../../handlers/backup/run.ts";
import type { Dump } from "../../../../../handlers/engines/dump.ts";
import { openFolderDump } from "../../../../../handlers/engines/files/folder/dump.ts";
import { runRetention } from "../../../../../handlers/retention/run.ts";
import type { BackupManifest } from "../../../../../practice/contract/manifest.ts";
import { recordFault } from "../../../../support/fault-matrix.ts";
import { jobAt } from "../../../../support/handlers/dumps.ts";
import { startFullObjectS3 } from "../../../../support/handlers/full-object-s3.ts";
import { makeStore, type TestStore } from "../../../../support/handlers/test-store.ts";
import { describeWithParts } from "../../../../support/parts.ts";
import type { S3Server } from "../../../../support/servers/s3.ts";
import { unprivilegedAccount } from "../../../../support/servers/unprivileged-account.ts";

const earlier = (): ReturnType<typeof jobAt> => jobAt("2026-11-22T02:00:00Z", { source: "uploads", engine: "files" });
const job = (): ReturnType<typeof jobAt> => ({ ...earlier(), scheduledAt: new Date("2026-11-23T02:00:00Z") });
const manifestAt = "campus/uploads/2026/11/20261123T020000Z/manifest.json";

/** More than the archive and the compressor read ahead, and of no use to a compressor. */
const LARGE_BYTES = 24_000_000;
const BEGUN_BYTES = 1_000_000;

describeWithParts("a backup of a folder under a fault", ["s3"], () => {
  let server: S3Server;
  let store: TestStore;
  let scratch: string;
  let uploads: string;
  let before: readonly string[];

  beforeAll(async () => {
    server = await startFullObjectS3();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    store = await makeStore(server);
    scratch = mkdtempSync(join(tmpdir(), "test-"));
    chmodSync(scratch, 0o755);
    uploads = join(scratch, "uploads");
    mkdirSync(uploads);
    writeFileSync(join(uploads, "a.txt"), "text");
    await backUp(earlier());
    before = await store.keys();
    expect(before).toHaveLength(2);
  });
  afterEach(() => rmSync(scratch, { recursive: true }));

  const backUp = (what = job(), meanwhile: (dump: Dump) => Dump = (dump) => dump, signal = new AbortController().signal): Promise<unknown> =>
    runBackup({ ...what, database: uploads }, {
      store, attempt: "one", now: () => new Date(), signal, openDump: (stop) => Promise.resolve(meanwhile(openFolderDump(uploads, stop))),
    });
  /** Does something to the folder when the large file is surely open, and most of it not read. */
  const onceBegun = (act: () => void) => (dump: Dump): Dump => ({
    ...dump,
    body: (async function* body() {
      let bytes = 0;
      for await (const chunk of dump.body) {
        if (bytes < BEGUN_BYTES && bytes + chunk.length >= BEGUN_BYTES) act();
        bytes += chunk.length;
        yield chunk;
      }
      expect(bytes).toBeGreaterThan(BEGUN_BYTES);
    })(),
  });
  const manifest = async (): Promise<BackupManifest> => JSON.parse(await store.text(manifestAt)) as BackupManifest;
  const onlyTheEarlierIsLeft = async (): Promise<void> => {
    expect(await store.keys()).toEqual(before);
    expect(await store.unfinished()).toEqual([]);
  };
  const failed = { engine: "files", exit: "error", evidence: "no manifest", alarm: "failed, then age", left: "the earlier one" } as const;

  it("fails at a file that it may not read, and names it", async () => {
    const account = unprivilegedAccount();
    mkdirSync(join(uploads, "kept"));
    writeFileSync(join(uploads, "kept", "private.pdf"), "x", { mode: 0o000 });
    if (account !== undefined) process.seteuid?.(account.uid);
    onTestFinished(() => void process.seteuid?.(0));
    await expect(backUp()).rejects.toThrow(`Expected to read all of ${uploads}/kept/private.pdf, it cannot be (EACCES). Nothing was recorded as a backup.`);
    process.seteuid?.(process.getuid?.() ?? 0);
    await onlyTheEarlierIsLeft();
    recordFault({ ...failed, fault: "file that may not be read", happened: "its path, and EACCES" });
  });

  it("fails at a directory that it may not list", async () => {
    const account = unprivilegedAccount();
    mkdirSync(join(uploads, "private"), { mode: 0o000 });
    if (account !== undefined) process.seteuid?.(account.uid);
    onTestFinished(() => void process.seteuid?.(0));
    await expect(backUp()).rejects.toThrow("/private, it cannot be (EACCES)");
    process.seteuid?.(process.getuid?.() ?? 0);
    await onlyTheEarlierIsLeft();
    recordFault({ ...failed, fault: "directory that may not be listed", happened: "its path, and EACCES" });
  });

  it("fails when a file is cut while it is read: half of it would look like all of it", async () => {
    writeFileSync(join(uploads, "video.mp4"), randomBytes(LARGE_BYTES));
    await expect(backUp(job(), onceBegun(() => truncateSync(join(uploads, "video.mp4"), 1_000)))).rejects
      .toThrow(/video\.mp4, it had 24000000 bytes when it was opened and was cut to \d+ while it was read\. .*Run it again/);
    await onlyTheEarlierIsLeft();
    recordFault({ ...failed, fault: "file cut while it is read", happened: "cut from 24 MB; run it again" });
  });

  it("holds a file that grows as it was when it was opened, and says so", async () => {
    writeFileSync(join(uploads, "app.log"), randomBytes(LARGE_BYTES));
    await expect(backUp(job(), onceBegun(() => appendFileSync(join(uploads, "app.log"), "more")))).resolves.toMatchObject({ outcome: "stored" });
    const { consistency, dumpBytes } = await manifest();
    expect(consistency).toMatch(/ 1 file was added to while it was read, and ends as when opened; the first: app\.log\.$/);
    expect(dumpBytes).toBeLessThan(LARGE_BYTES + 10_000);
    recordFault({ engine: "files", fault: "file growing while it is read", happened: "ends as when opened; counted in words", exit: "stored", evidence: "manifest", alarm: "none", left: "both" });
  });

  it("says of a file that was rewritten in place that it may hold the old and the new", async () => {
    writeFileSync(join(uploads, "state.db"), randomBytes(LARGE_BYTES));
    await expect(backUp(job(), onceBegun(() => writeFileSync(join(uploads, "state.db"), randomBytes(100), { flag: "r+" })))).resolves.toMatchObject({ outcome: "stored" });
    expect((await manifest()).consistency).toMatch(/ 1 file was written to while it was read, and may hold the old and the new in part; the first: state\.db\.$/);
    recordFault({ engine: "files", fault: "file rewritten while it is read", happened: "may hold both; counted in words", exit: "stored", evidence: "manifest", alarm: "none", left: "both" });
  });

  it("goes without what is deleted before its turn, and counts it", async () => {
    writeFileSync(join(uploads, "b.bin"), randomBytes(LARGE_BYTES));
    mkdirSync(join(uploads, "c"));
    writeFileSync(join(uploads, "d.txt"), "x");
    const act = (): void => { rmSync(join(uploads, "c"), { recursive: true }); rmSync(join(uploads, "d.txt")); };
    await expect(backUp(job(), onceBegun(act))).resolves.toMatchObject({ outcome: "stored" });
    const { counts, consistency } = await manifest();
    expect(counts).toEqual({ objects: 2 });
    expect(consistency).toMatch(/ 2 names were deleted before they could be read; the first: c\.$/);
  });

  it("fails when the folder is not there: its disk is not mounted", async () => {
    rmSync(uploads, { recursive: true });
    await expect(backUp()).rejects.toThrow(`Expected the folder ${uploads}, there is none: is its disk mounted?`);
    await onlyTheEarlierIsLeft();
    writeFileSync(uploads, "a file");
    await expect(backUp()).rejects.toThrow(`Expected ${uploads} to be a folder, it is none.`);
    recordFault({ ...failed, fault: "path gone, or no folder", happened: "there is none: is its disk mounted?" });
  });

  it("fails when the folder goes away while it is read", async () => {
    writeFileSync(join(uploads, "b.bin"), randomBytes(LARGE_BYTES));
    await expect(backUp(job(), onceBegun(() => renameSync(uploads, `${uploads}-gone`)))).rejects.toThrow("there is none");
    await onlyTheEarlierIsLeft();
    recordFault({ ...failed, fault: "path gone in the middle", happened: "there is none: is its disk mounted?" });
  });

  it("of a folder that was emptied takes no place of the last one with files", async () => {
    rmSync(join(uploads, "a.txt"));
    await expect(backUp()).resolves.toMatchObject({ outcome: "stored" });
    expect((await manifest()).counts).toEqual({ objects: 0 });
    await runRetention({ system: "campus", stack: "prod", sources: [{ source: "uploads", keepDays: 1 }] }, {
      store, publish: () => Promise.resolve(), now: () => new Date("2026-12-23T02:00:00Z"), signal: new AbortController().signal,
    });
    for (const key of before) expect(await store.tags(key), key).toEqual({});
    recordFault({ engine: "files", fault: "folder empty that was not empty", happened: "counted: 0 entries", exit: "stored", evidence: "manifest", alarm: "too small", left: "the earlier one is kept" });
  });

  it("ends at once when it is given up in the middle, and takes its upload back", async () => {
    writeFileSync(join(uploads, "b.bin"), randomBytes(LARGE_BYTES));
    const stop = new AbortController();
    const act = onceBegun(() => stop.abort(new Error("told to stop")));
    await expect(Promise.race([backUp(job(), act, stop.signal), wait(5_000, "still there")])).rejects.toThrow("told to stop");
    await onlyTheEarlierIsLeft();
    recordFault({ ...failed, fault: "told to stop in the middle", happened: "told to stop" });
  });

  it("needs no room on the machine's disk", async () => {
    writeFileSync(join(uploads, "b.bin"), randomBytes(LARGE_BYTES));
    const empty = join(scratch, "tmp");
    mkdirSync(empty);
    process.env["TMPDIR"] = empty;
    onTestFinished(() => { delete process.env["TMPDIR"]; });
    await backUp(job(), onceBegun(() => expect(readdirSync(empty)).toEqual([])));
    expect(readdirSync(empty)).toEqual([]);
    recordFault({ engine: "files", fault: "disk of the machine full", happened: "nothing is written to it", exit: "stored", evidence: "manifest", alarm: "none", left: "both" });
  });
});
