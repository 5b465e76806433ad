import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { runBackup } from "../../../handlers/backup/run.ts";
import { folderStore } from "../../../handlers/store/folder/folder-store.ts";
import { manifestKey, runPrefix } from "../../../practice/contract/store.ts";
import { recordFault, recordNotSeen } from "../../support/fault-matrix.ts";
import { dumpedEngines, type DumpedSource, partsOf, startSource } from "../../support/handlers/dumped-sources.ts";
import { childProcesses } from "../../support/handlers/processes.ts";
import { maySmallDisk, smallDisk } from "../../support/handlers/small-disk.ts";
import { describeWithParts } from "../../support/parts.ts";
import { failure } from "../../support/said.ts";
import { type S3Server, startS3 } from "../../support/servers/s3.ts";

const EARLIER = new Date("2026-11-22T02:00:00Z");
const TONIGHT = new Date("2026-11-23T02:00:00Z");

/** Two backups of the largest source, once the disk is empty again. */
const DISK_MEBIBYTES = 48;

/** A block or two: a folder and a manifest have room, no dump does. */
const LEFT_BYTES = 8 * 1024;

/** Redis is told its password by a pipe, and files have none. */
const withPasswordFile: readonly string[] = ["postgresql", "mongodb"];

for (const engine of dumpedEngines) describeWithParts(`a backup of ${engine} and a disk that is full`, partsOf[engine], () => {
  let s3: S3Server;
  let source: DumpedSource;
  beforeAll(async () => {
    s3 = await startS3();
    source = await startSource[engine](s3);
  });
  afterAll(async () => {
    await source.stop();
    await s3.stop();
  });

  const backUp = (folder: string, scheduledAt: Date): Promise<unknown> => runBackup(
    { system: "campus", stack: "local", ...source.job, sizeGiB: 1, scheduledAt },
    { store: folderStore(folder), attempt: "one", now: () => new Date(), signal: new AbortController().signal, openDump: source.openDump },
  );
  const filesIn = (folder: string): readonly string[] =>
    readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name)).toSorted();
  const expectNoProgram = (): void => {
    for (const program of ["pg_dump", "psql", "mongodump", "redis-cli"]) expect(childProcesses(program)).toEqual([]);
  };

  it("cannot be seen here", { skip: maySmallDisk }, () => {
    recordNotSeen({ engine, what: "disk full", why: "nobody may mount a small one here" });
  });

  it.skipIf(!maySmallDisk)("the store's: a sentence, the earlier backup whole, nothing else, and the next run stored once there is room", async () => {
    const disk = smallDisk(DISK_MEBIBYTES);
    const store = join(disk.folder, "store");
    await backUp(store, EARLIER);
    const before = filesIn(store);
    disk.fill(LEFT_BYTES);
    const said = await failure(backUp(store, TONIGHT));
    expect(said).toMatch(/^Expected to write .* into .*, the disk is full\. Make room there, or name a store on another disk; nothing of it was kept\.$/);
    for (const secret of source.secrets) expect(said).not.toContain(secret);
    expect(filesIn(store)).toEqual(before);
    expectNoProgram();
    disk.empty();
    await expect(backUp(store, TONIGHT)).resolves.toMatchObject({ outcome: "stored", manifestKey: manifestKey(runPrefix("campus", source.job.source, TONIGHT)) });
    recordFault({ engine, fault: "disk of the store full", happened: "says so, and what to do", exit: "error", evidence: "no manifest", alarm: "by hand: exit 1", left: "the earlier backup" });
  });

  afterEach(() => {
    delete process.env["TMPDIR"];
  });

  it.runIf(maySmallDisk && withPasswordFile.includes(engine))("the one for the password's file: nothing is begun", async () => {
    const disk = smallDisk(1);
    const store = smallDisk(1).folder;
    disk.fill(0);
    process.env["TMPDIR"] = disk.folder;
    const said = await failure(backUp(store, TONIGHT));
    expect(said).toMatch(/ENOSPC: no space left on device/);
    for (const secret of source.secrets) expect(said).not.toContain(secret);
    expect(filesIn(store)).toEqual([]);
    expect(readdirSync(disk.folder)).toEqual(["ballast"]);
    expectNoProgram();
    recordFault({ engine, fault: "no room for the password's file", happened: "no space left on device", exit: "error", evidence: "no manifest", alarm: "failed, late", left: "nothing" });
  });
});
