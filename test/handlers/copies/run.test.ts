import { execFileSync } from "node:child_process";
import { CreateBucketCommand, DeleteObjectCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { listRuns } from "../../../handlers/store/backups.ts";
import type { Bucket } from "../../../handlers/store/s3/objects.ts";
import type { BackupOutcome } from "../../../practice/contract/events.ts";
import { copiedManifest, type Copying, linesIn, runCopies, watchedBucket } from "../../support/handlers/copying.ts";
import { startFullObjectS3 } from "../../support/handlers/full-object-s3.ts";
import { makeStore, type TestStore } from "../../support/handlers/test-store.ts";
import { describeWithParts } from "../../support/parts.ts";
import type { S3Server } from "../../support/servers/s3.ts";

const [FIRST, SECOND] = ["2026-11-22T02:00:00Z", "2026-11-23T02:00:00Z"] as const;

/** What a bucket may be full of. */
const special = ["a", "a.txt", "a//b", "a/b", "folder/", "empty", "ä b/é.txt", "日本/🎉", "plus+and%2Fpercent?&=#", `${"k".repeat(1020)}/end`.slice(0, 1024), "'\"`$(id)\\ "];

describeWithParts("a backup of a bucket by copies", ["s3"], () => {
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

  const backUp = (at: string, more: Partial<Copying> = {}): Promise<BackupOutcome> => runCopies({ store, from: uploads, at, ...more });
  const copies = async (): Promise<readonly string[]> => (await store.keys()).filter((key) => key.startsWith("campus/uploads/objects/"));
  const unversioned = async (): Promise<Bucket> => {
    const bucket = { s3: uploads.s3, name: `plain-${uploads.name}`.slice(0, 60) };
    await uploads.s3.send(new CreateBucketCommand({ Bucket: bucket.name }));
    return bucket;
  };
  const putTo = ({ s3, name }: Bucket, key: string, body: string) => s3.send(new PutObjectCommand({ Bucket: name, Key: key, Body: body }));

  it("holds each object byte for byte, whatever its key is, and the list and the manifest come last", async () => {
    for (const key of special) await uploads.put(key, key === "empty" || key === "folder/" ? Buffer.alloc(0) : `body of ${key}`);
    await expect(backUp(FIRST)).resolves.toMatchObject({ outcome: "stored" });
    const lines = await linesIn(store, FIRST);
    expect(lines.map(({ key }) => key)).toEqual(special.toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other))));
    for (const { key, copy, bytes, crc32, versionId } of lines) {
      const body = key === "empty" || key === "folder/" ? "" : `body of ${key}`;
      expect(await store.text(copy), key).toBe(body);
      expect({ bytes, crc32 }).toEqual({ bytes: Buffer.byteLength(body), crc32: (await store.facts(copy))?.crc32 });
      expect(versionId).not.toBe("null");
    }
    const manifest = await copiedManifest(store, FIRST);
    expect(manifest).toMatchObject({
      engine: "files", counts: { objects: special.length }, hashedBy: "upkeep-inventory-1",
      inventory: { objects: special.length, copiedObjects: special.length, vanishedObjects: 0 },
    });
    expect(manifest.object.key).toMatch(/\.inventory\.jsonl\.gz$/);
    expect((await listRuns({ store, system: "campus", stack: "prod", source: "uploads" })).foreign).toEqual([]);
  });

  it("brings content types and people's own words along, and no tag: ours would let the copy expire", async () => {
    await uploads.s3.send(new PutObjectCommand({ Bucket: uploads.name, Key: "page", Body: "x", ContentType: "text/html", Metadata: { by: "ann" }, Tagging: "upkeep:superseded=true" }));
    await backUp(FIRST);
    const [line] = await linesIn(store, FIRST);
    await expect(store.s3.send(new HeadObjectCommand({ Bucket: store.name, Key: line?.copy ?? "" }))).resolves.toMatchObject({ ContentType: "text/html", Metadata: { by: "ann" } });
    await expect(store.tags(line?.copy ?? "")).resolves.toEqual({});
  });

  it("copies only what has come or changed since the last one, and lists all of it", async () => {
    for (const key of ["a", "b", "c", "d"]) await uploads.put(key, `body of ${key}`);
    await backUp(FIRST);
    await uploads.put("b", "new body of b");
    await uploads.put("aa", "came");
    await uploads.s3.send(new DeleteObjectCommand({ Bucket: uploads.name, Key: "c" }));
    const seen: string[] = [];
    await backUp(SECOND, { store: { ...store, ...watchedBucket(server, store, seen) } });
    expect(seen.filter((command) => command === "CopyObjectCommand")).toHaveLength(2);
    const lines = await linesIn(store, SECOND);
    expect(await Promise.all(lines.map(async ({ key, copy }) => [key, await store.text(copy)]))).toEqual([["a", "body of a"], ["aa", "came"], ["b", "new body of b"], ["d", "body of d"]]);
    expect((await copiedManifest(store, SECOND)).inventory).toMatchObject({ objects: 4, copiedObjects: 2, copiedBytes: 17, vanishedObjects: 0 });
    expect(await Promise.all((await linesIn(store, FIRST)).map(({ copy }) => store.text(copy)))).toEqual(["body of a", "body of b", "body of c", "body of d"]);
  });

  it("of a bucket without versions knows a changed object by its ETag", async () => {
    const from = await unversioned();
    for (const key of ["a", "b"]) await putTo(from, key, `body of ${key}`);
    await backUp(FIRST, { from });
    await putTo(from, "b", "new body");
    await backUp(SECOND, { from });
    expect((await copiedManifest(store, SECOND)).inventory).toMatchObject({ objects: 2, copiedObjects: 1 });
    expect(await Promise.all((await linesIn(store, SECOND)).map(async ({ versionId, copy }) => [versionId, await store.text(copy)]))).toEqual([["null", "body of a"], ["null", "new body"]]);
  });

  it("cuts a large object into parts and keeps the checksum of the whole", async () => {
    await uploads.s3.send(new PutObjectCommand({ Bucket: uploads.name, Key: "large", Body: Buffer.alloc(13_000_000, "large"), ContentType: "video/mp4" }));
    await backUp(FIRST, { limits: { single: 6_000_000, part: 5 * 1024 * 1024 } });
    const [line] = await linesIn(store, FIRST);
    await uploads.put("same", Buffer.alloc(13_000_000, "large"));
    expect(line).toMatchObject({ bytes: 13_000_000, crc32: (await uploads.facts("same"))?.crc32 });
    await expect(store.s3.send(new HeadObjectCommand({ Bucket: store.name, Key: line?.copy ?? "" }))).resolves.toMatchObject({ ContentType: "video/mp4" });
    await expect(store.unfinished()).resolves.toEqual([]);
  });

  it("may be of a bucket that is still empty", async () => {
    await expect(backUp(FIRST)).resolves.toMatchObject({ outcome: "stored" });
    expect(await linesIn(store, FIRST)).toEqual([]);
  });

  it("leaves work behind that the store's lifecycle takes, and nothing else beside the backup", async () => {
    await uploads.put("a", "x");
    await backUp(FIRST);
    const work = (await store.keys()).filter((key) => key.startsWith(".work/campus/uploads/20261122T020000Z/"));
    expect(work.map((key) => key.replace(/^.*[0-9a-f]{12}-/, ""))).toEqual(["batch-00001.copied.jsonl", "batch-00001.jsonl", "index.json", "kept.jsonl.gz", "work.json"]);
    for (const key of work) await expect(store.tags(key)).resolves.toEqual({ "upkeep:superseded": "true" });
    expect(await store.keys()).toHaveLength(work.length + 3);
  });

  it("is made of 1,100 objects in batches, and the next one copies none of them", async () => {
    const keys = Array.from({ length: 1_100 }, (_, index) => `small/${index}`);
    for (let first = 0; first < keys.length; first += 100) await Promise.all(keys.slice(first, first + 100).map((key) => uploads.put(key, key)));
    let batches = 0;
    await backUp(FIRST, { beforeBatch: () => void (batches += 1) });
    expect(batches).toBe(3);
    expect((await copiedManifest(store, FIRST)).inventory).toMatchObject({ objects: 1_100, copiedObjects: 1_100 });
    await backUp(SECOND, { beforeBatch: () => { throw new Error("Expected nothing to copy."); } });
    expect((await copiedManifest(store, SECOND)).inventory).toMatchObject({ objects: 1_100, copiedObjects: 0 });
    expect((await copiedManifest(store, SECOND)).hashes).toEqual((await copiedManifest(store, FIRST)).hashes);
    expect(await copies()).toHaveLength(1_100);
  }, 120_000);

  it("is restored by the line in its manifest, by somebody who has a shell, jq and the AWS CLI", async () => {
    for (const key of special) await uploads.put(key, `body of ${key}`);
    await backUp(FIRST);
    const { restoreCommand, object } = await copiedManifest(store, FIRST);
    expect(restoreCommand).toBe(`aws s3 cp 's3://${store.name}/${object.key}' - | gzip -dc | jq -r '@sh "aws s3 cp \\("s3://${store.name}/" + .copy) \\("s3://NEW_BUCKET/" + .key)"' | sh -e`);
    expect(() => execFileSync("sh", ["-n", "-c", restoreCommand])).not.toThrow();
  });
});
