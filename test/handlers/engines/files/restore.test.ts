import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeleteObjectCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from "vitest";
import { bucketPlace } from "../../../../handlers/engines/files/bucket-place.ts";
import { folderPlace } from "../../../../handlers/engines/files/folder-place.ts";
import { type FilesPlace, openFilesTarget } from "../../../../handlers/engines/files/restore.ts";
import { recordFault } from "../../../support/fault-matrix.ts";
import { badCheck, check } from "../../../support/handlers/checks.ts";
import { linesIn, runCopies } from "../../../support/handlers/copying.ts";
import { startFullObjectS3 } from "../../../support/handlers/full-object-s3.ts";
import { makeStore, type TestStore } from "../../../support/handlers/test-store.ts";
import { describeWithParts } from "../../../support/parts.ts";
import type { S3Server } from "../../../support/servers/s3.ts";

const AT = "2026-11-23T02:00:00Z";
const files = { "a.txt": "text", "deep/folder/b": "b", "ä b/é": "letters", "empty": "", "marker/": "", "plus+%2F?#": "odd" };

describeWithParts("a list of copies is restored", ["s3"], () => {
  let server: S3Server;
  let store: TestStore;
  let uploads: TestStore;
  beforeAll(async () => {
    server = await startFullObjectS3();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    [store, uploads] = await Promise.all([makeStore(server), makeStore(server)]);
    for (const [key, body] of Object.entries(files)) await uploads.put(key, Buffer.from(body));
    await uploads.s3.send(new PutObjectCommand({ Bucket: uploads.name, Key: "a.txt", Body: files["a.txt"], ContentType: "text/plain; charset=utf-8", Metadata: { by: "ann" } }));
    await runCopies({ store, from: uploads, at: AT });
  });

  const emptyFolder = (): string => {
    const folder = mkdtempSync(join(tmpdir(), "restored-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    return folder;
  };
  const job = { source: "uploads", level: "restore" } as const;
  const restored = (place: FilesPlace) => check(job, { store, openTarget: openFilesTarget(place) });
  const refused = (place: FilesPlace) => badCheck(job, { store, openTarget: openFilesTarget(place) });

  it("into a folder that is not there yet, byte for byte, and held against the manifest", async () => {
    const folder = join(emptyFolder(), "new");
    const { record } = await restored(folderPlace(folder, store));
    expect(record).toMatchObject({ outcome: "restored", findings: [], restore: { target: folder, sameCounts: 1, sameHashes: 1 } });
    for (const [key, body] of Object.entries(files)) {
      if (key === "marker/") expect(statSync(join(folder, key)).isDirectory()).toBe(true);
      else expect(readFileSync(join(folder, key), "utf8"), key).toBe(body);
    }
  });

  it("into an empty bucket by S3 itself, with content types and people's own words", async () => {
    const target = await makeStore(server);
    const { record } = await restored(bucketPlace(target, store));
    expect(record).toMatchObject({ outcome: "restored", restore: { target: `s3://${target.name}`, sameCounts: 1, sameHashes: 1 } });
    expect((await target.keys()).toSorted()).toEqual(Object.keys(files).toSorted());
    await expect(target.s3.send(new HeadObjectCommand({ Bucket: target.name, Key: "a.txt" }))).resolves.toMatchObject({ ContentType: "text/plain; charset=utf-8", Metadata: { by: "ann" } });
  });

  it("never over anything: a place that is not empty, the bucket that was backed up and the store are refused, and nothing is written", async () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, "mine"), "mine");
    const target = await makeStore(server);
    await target.put("theirs", "theirs");
    for (const [place, said] of [
      [folderPlace(folder, store), /Expected an empty folder, .* has 1 entries/], [bucketPlace(target, store), /Expected an empty bucket, .* has "theirs"/],
      [bucketPlace(uploads, store), /which was backed up/], [bucketPlace(store, store), /Expected another bucket than the store/],
      [folderPlace("/stored/inside", { ...store, name: "/stored" }), /Expected a folder outside the store/],
    ] as const) {
      const { record } = await refused(place);
      expect(record).toMatchObject({ outcome: "failed", findings: [expect.stringMatching(said)] });
      await rmRecord();
    }
    expect(existsSync(join(folder, "a.txt"))).toBe(false);
    await expect(target.keys()).resolves.toEqual(["theirs"]);
    recordFault({ engine: "files", fault: "restore into a place that holds something", happened: "refused: not empty", exit: "error", evidence: "failed", alarm: "check failed", left: "all of it" });
  });

  it("into a folder without the keys that no folder has beside the others, and says so", async () => {
    for (const key of ["deep", "a//b"]) await uploads.put(key, "x");
    await runCopies({ store, from: uploads, at: "2026-11-23T03:00:00Z" });
    const folder = join(emptyFolder(), "new");
    const { record } = await refused(folderPlace(folder, store));
    expect(record.outcome).toBe("failed");
    expect(record.findings).toEqual([expect.stringMatching(/\d of 8 cannot be files beside the others; the first: .*All others were restored\. .*--into s3:\/\/<bucket>/)]);
    expect(readFileSync(join(folder, "a.txt"), "utf8")).toBe("text");
    await rmRecord();
    const target = await makeStore(server);
    await expect(restored(bucketPlace(target, store))).resolves.toMatchObject({ record: { outcome: "restored" } });
    await expect(target.text("a//b")).resolves.toBe("x");
  });

  it.each(["folder", "bucket"])("into a %s only with the bytes that were copied", async (kind) => {
    await store.put((await linesIn(store, AT))[0]?.copy ?? "", "t3xt");
    const folder = join(emptyFolder(), "new");
    const place = kind === "folder" ? folderPlace(folder, store) : bucketPlace(await makeStore(server), store);
    const { record } = await refused(place);
    expect(record).toMatchObject({ outcome: "failed", findings: [expect.stringMatching(/the copy of "a.txt",? to have the CRC32/)] });
    expect(existsSync(join(folder, "a.txt"))).toBe(false);
  });

  /** Each check is of its own hour; these are of one. */
  async function rmRecord(): Promise<void> {
    for (const key of await store.keys()) if (key.includes("/evidence/")) await store.s3.send(new DeleteObjectCommand({ Bucket: store.name, Key: key }));
  }
});
