import { DeleteObjectCommand, PutBucketVersioningCommand, PutObjectTaggingCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from "vitest";
import type { Bucket } from "../../../handlers/store/s3/objects.ts";
import { s3Store } from "../../../handlers/store/s3/s3-store.ts";
import type { BackupOutcome } from "../../../practice/contract/events.ts";
import { supersededTag } from "../../../practice/contract/tags.ts";
import { recordFault } from "../../support/fault-matrix.ts";
import { copiedManifest, type Copying, linesIn, runCopies } from "../../support/handlers/copying.ts";
import { type Fate, type SeenRequest, startFaultyProxy } from "../../support/handlers/faulty-proxy.ts";
import { startFullObjectS3 } from "../../support/handlers/full-object-s3.ts";
import { makeStore, settingsOf, type TestStore } from "../../support/handlers/test-store.ts";
import { describeWithParts } from "../../support/parts.ts";
import type { S3Server } from "../../support/servers/s3.ts";

const [FIRST, SECOND] = ["2026-11-22T02:00:00Z", "2026-11-23T02:00:00Z"] as const;

describeWithParts("faults of a backup by copies", ["s3"], () => {
  let server: S3Server;
  let store: TestStore;
  let uploads: TestStore;
  beforeAll(async () => {
    server = await startFullObjectS3();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    [store, uploads] = await Promise.all([makeStore(server), makeStore(server)]);
    for (const key of ["a", "b", "c"]) await uploads.put(key, `body of ${key}`);
  });

  const backUp = (at: string, more: Partial<Copying> = {}): Promise<BackupOutcome> => runCopies({ store, from: uploads, at, ...more });
  const through = async ({ name }: Bucket, fateOf: (seen: SeenRequest) => Fate): Promise<Bucket> => {
    const proxy = await startFaultyProxy(server.endpoint, fateOf);
    onTestFinished(() => proxy.stop());
    return { name, s3: new S3Client({ ...settingsOf(server, proxy.endpoint), maxAttempts: 1 }) };
  };
  const asCopier = (bucket: Bucket): Copying["store"] => ({ ...bucket, text: s3Store(bucket).readText });
  const remove = ({ s3, name }: Bucket, key: string, VersionId?: string) => s3.send(new DeleteObjectCommand({ Bucket: name, Key: key, ...(VersionId === undefined ? {} : { VersionId }) }));
  const bodies = async (at: string): Promise<readonly (readonly [string, string])[]> => Promise.all((await linesIn(store, at)).map(async ({ key, copy }) => [key, await store.text(copy)] as const));
  const backupsOf = async (): Promise<readonly string[]> => (await store.keys()).filter((key) => key.startsWith("campus/uploads/2026"));
  const whole = [["a", "body of a"], ["b", "body of b"], ["c", "body of c"]];

  it("counts an object that was deleted, every version of it, before it could be copied", async () => {
    const { versionId } = await uploads.facts("b") ?? {};
    await expect(backUp(FIRST, { beforeBatch: async () => void await remove(uploads, "b", versionId) })).resolves.toMatchObject({ outcome: "stored" });
    expect(await bodies(FIRST)).toEqual([["a", "body of a"], ["c", "body of c"]]);
    expect((await copiedManifest(store, FIRST)).inventory).toMatchObject({ objects: 2, vanishedObjects: 1 });
    recordFault({ engine: "files", fault: "object vanished before its copy", happened: "goes without it and counts it", exit: "stored", evidence: "manifest: 1 vanished", alarm: "none", left: "list, manifest, copies" });
  });

  it("copies the version that was listed, also when the object was deleted or changed since", async () => {
    await backUp(FIRST, { beforeBatch: async () => {
      await remove(uploads, "b");
      await uploads.put("c", "new body of c");
    } });
    expect(await bodies(FIRST)).toEqual(whole);
    recordFault({ engine: "files", fault: "object changed, bucket with versions", happened: "the listed version is copied", exit: "stored", evidence: "manifest", alarm: "none", left: "list, manifest, copies" });
  });

  it("copies an object of a bucket without versions as it is now when it has changed since", async () => {
    await uploads.s3.send(new PutBucketVersioningCommand({ Bucket: uploads.name, VersioningConfiguration: { Status: "Suspended" } }));
    for (const key of ["a", "b", "c"]) await uploads.put(key, `body of ${key}`);
    await backUp(FIRST, { beforeBatch: () => uploads.put("b", "new and longer body of b") });
    expect(await bodies(FIRST)).toEqual([["a", "body of a"], ["b", "new and longer body of b"], ["c", "body of c"]]);
    expect((await linesIn(store, FIRST))[1]).toMatchObject({ versionId: "null", bytes: 24, etag: (await uploads.facts("b"))?.etag });
    recordFault({ engine: "files", fault: "object changed, bucket without versions", happened: "copied as it is now", exit: "stored", evidence: "manifest", alarm: "none", left: "list, manifest, copies" });
  });

  it.each<[string, (seen: SeenRequest) => Fate, string]>([
    ["an object may not be read", () => ({ status: 403, code: "AccessDenied" }), "AccessDenied"],
    ["S3 breaks the connection", () => "reset", "ECONNRESET|socket hang up"],
    ["S3 refuses", () => ({ status: 503, code: "SlowDown" }), "SlowDown"],
    ["the bucket is gone", () => ({ status: 404, code: "NoSuchBucket" }), "NoSuchBucket"],
  ])("is no backup when %s while it copies", async (fault, fate, said) => {
    let copies = 0;
    const isSecond = ({ method, path }: SeenRequest): boolean => method === "PUT" && path.includes("/objects/") && (copies += 1) === 2;
    const failing = await through(store, (seen) => (isSecond(seen) ? fate(seen) : "pass"));
    await expect(backUp(FIRST, { store: asCopier(failing) })).rejects.toThrow(new RegExp(`Expected S3 to copy s3://${uploads.name}/[abc] \\(9 bytes\\).*(${said})`));
    expect(await backupsOf()).toEqual([]);
    await expect(store.unfinished()).resolves.toEqual([]);
    await backUp(FIRST);
    expect(await bodies(FIRST)).toEqual(whole);
    recordFault({ engine: "files", fault: `copies: ${fault}`, happened: "names the object; copied when started again", exit: "error", evidence: "no manifest", alarm: "backup failed, age", left: "copies of nothing yet" });
  });

  it.each<[string, (command: string, output: object) => void, string]>([
    ["size", (command, output) => void (command === "HeadObjectCommand" && Object.assign(output, { ContentLength: 8 })), "it has 8 bytes with CRC32 "],
    // The emulator says no checksum of what it has copied; S3 does.
    ["checksum", (command, output) => void (command === "CopyObjectCommand" && Object.assign(output, { CopyObjectResult: { ChecksumCRC32: "AAAAAA==" } })), "it has 9 bytes with CRC32 "],
  ])("believes no copy whose %s is not what was copied", async (_, lie, came) => {
    const lying: Copying["store"] = { ...store, s3: new S3Client(settingsOf(server)) };
    lying.s3.middlewareStack.add((next, { commandName = "" }) => async (args) => {
      const answer = await next(args);
      if ("Key" in args.input && String(args.input.Key).includes("/objects/")) lie(commandName, answer.output);
      return answer;
    }, { step: "initialize" });
    await expect(backUp(FIRST, { store: lying })).rejects.toThrow(new RegExp(`Expected the copy .* to hold the 9 bytes of "[abc]".*${came}`));
    expect(await backupsOf()).toEqual([]);
  });

  it("is started again after every request that it was killed at, and each time ends whole", async () => {
    let requests = 0;
    await backUp(FIRST, { store: asCopier(await through(store, () => ((requests += 1), "pass"))) });
    expect(requests).toBeGreaterThan(20);
    for (let allowed = 0; allowed < requests; allowed += 1) {
      const at = new Date(Date.parse(SECOND) + allowed * 60_000).toISOString();
      await uploads.put("b", `body of b at ${allowed}`);
      let seen = 0;
      const dying = asCopier(await through(store, () => ((seen += 1) > allowed ? "reset" : "pass")));
      // A run of which only the last answer is lost may have ended: then the next one finds it so.
      await backUp(at, { store: dying, from: { name: uploads.name, s3: dying.s3 } }).catch(() => undefined);
      await backUp(at);
      expect(await bodies(at), `killed after ${allowed} requests`).toEqual([["a", "body of a"], ["b", `body of b at ${allowed}`], ["c", "body of c"]]);
      if (allowed % 3 === 0) await expect(store.unfinished()).resolves.toEqual([]);
    }
    recordFault({ engine: "files", fault: "copies: killed at every request", happened: "the next start ends whole", exit: "stored", evidence: "manifest", alarm: "none", left: "list, manifest, copies" });
  }, 240_000);

  it("of two deliveries at once, one becomes the backup, and no manifest names what the other wrote", async () => {
    const outcomes = await Promise.all([backUp(FIRST), backUp(FIRST)]);
    expect(outcomes.map(({ outcome }) => outcome).toSorted()).toEqual(["already-stored", "stored"]);
    expect(await bodies(FIRST)).toEqual(whole);
    const { attempt, object } = await copiedManifest(store, FIRST);
    expect(object.key).toContain(attempt);
    await expect(backUp(FIRST)).resolves.toMatchObject({ outcome: "already-stored" });
    recordFault({ engine: "files", fault: "copies: two deliveries at once", happened: "one wins, the other says so", exit: "stored", evidence: "one manifest", alarm: "none", left: "copies once, two lists" });
  });

  it.each<[string, (copy: string) => Promise<unknown>]>([
    ["deleted", (copy) => remove(store, copy)],
    ["overwritten", (copy) => store.put(copy, "not a b c")],
  ])("makes a copy again that was %s since the last backup", async (_, spoil) => {
    await backUp(FIRST);
    await spoil((await linesIn(store, FIRST))[1]?.copy ?? "");
    await backUp(SECOND);
    expect(await bodies(SECOND)).toEqual(whole);
    expect((await copiedManifest(store, SECOND)).inventory).toMatchObject({ objects: 3, copiedObjects: 1 });
  });

  it.each<[string, (list: string) => Promise<unknown>]>([
    ["is gone", (list) => remove(store, list)],
    ["is cut off", async (list) => store.put(list, (await bytesIn(store, list)).subarray(0, -30))],
    ["has one byte flipped", async (list) => store.put(list, flipped(await bytesIn(store, list)))],
  ])("builds on an older list, or on none, when the newest %s", async (_, spoil) => {
    await backUp(FIRST);
    await spoil((await copiedManifest(store, FIRST)).object.key);
    await backUp(SECOND);
    expect(await bodies(SECOND)).toEqual(whole);
    expect((await copiedManifest(store, SECOND)).inventory).toMatchObject({ copiedObjects: 3 });
  });

  it("does not build on copies that may expire, and makes an old copy that nobody lists anew", async () => {
    await backUp(FIRST);
    const [{ object }, [line]] = [await copiedManifest(store, FIRST), await linesIn(store, FIRST)];
    const mark = (Key: string) => store.s3.send(new PutObjectTaggingCommand({ Bucket: store.name, Key, Tagging: { TagSet: [{ Key: supersededTag.key, Value: supersededTag.value }] } }));
    for (const key of [object.key, object.key.replace(/[^/]+$/, "manifest.json"), line?.copy ?? ""]) await mark(key);
    await backUp(SECOND, { now: new Date(Date.now() + 2 * 86_400_000).toISOString() });
    expect((await copiedManifest(store, SECOND)).inventory).toMatchObject({ objects: 3, copiedObjects: 3 });
    await expect(store.tags(line?.copy ?? "")).resolves.toEqual({});
  });

  it("refuses to end when the list that it builds on may expire by then", async () => {
    await backUp(FIRST);
    const at = (await backupsOf()).find((key) => key.endsWith("manifest.json")) ?? "";
    await expect(backUp(SECOND, { beforeFinish: async () => void await store.markSuperseded(at) })).rejects.toThrow(`Expected ${at}, whose copies this backup relies on, to stay until the end`);
    expect((await backupsOf()).filter((key) => key.includes("20261123T") && key.endsWith("manifest.json"))).toEqual([]);
  });

  it("refuses to end when a batch was not copied, or not all of it", async () => {
    const lose = async (work: string): Promise<string> => (JSON.parse(await store.text(work)) as { batches: readonly { key: string }[] }).batches[0]?.key.replace(".jsonl", ".copied.jsonl") ?? "";
    await expect(backUp(FIRST, { beforeFinish: async (work) => store.put(await lose(work), "\n") })).rejects.toThrow(/to say what became of 3 objects, it says it of 1/);
    await expect(backUp(FIRST, { beforeFinish: async (work) => void await remove(store, await lose(work)) })).rejects.toThrow();
    expect((await backupsOf()).filter((key) => key.endsWith("manifest.json"))).toEqual([]);
  });

  it("stores the empty list of a bucket that was emptied: that it stands in for nothing is retention's to see", async () => {
    await backUp(FIRST);
    for (const key of ["a", "b", "c"]) await remove(uploads, key);
    await expect(backUp(SECOND)).resolves.toMatchObject({ outcome: "stored" });
    expect(await copiedManifest(store, SECOND)).toMatchObject({ counts: { objects: 0 }, inventory: { objects: 0, bytes: 0 } });
    expect(await bodies(FIRST)).toEqual(whole);
    recordFault({ engine: "files", fault: "bucket emptied", happened: "an empty list; older copies stay", exit: "stored", evidence: "0 objects", alarm: "too small, held back", left: "all copies" });
  });
});

async function bytesIn(store: TestStore, key: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of store.read(key, "", new AbortController().signal)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function flipped(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  const middle = Math.floor(changed.length / 2);
  changed[middle] = (changed[middle] ?? 0) ^ 1;
  return changed;
}
