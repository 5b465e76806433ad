import { CopyObjectCommand, DeleteObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { decodeFiles } from "../../../handlers/engines/files/decode.ts";
import { readCopies } from "../../../handlers/verify/read-copies.ts";
import type { CheckOutcome, VerificationLevel } from "../../../practice/contract/evidence.ts";
import { recordFault } from "../../support/fault-matrix.ts";
import { badCheck, check } from "../../support/handlers/checks.ts";
import { copiedManifest, linesIn, runCopies } from "../../support/handlers/copying.ts";
import { startFullObjectS3 } from "../../support/handlers/full-object-s3.ts";
import { makeStore, type TestStore } from "../../support/handlers/test-store.ts";
import { describeWithParts } from "../../support/parts.ts";
import type { S3Server } from "../../support/servers/s3.ts";

const AT = "2026-11-23T02:00:00Z";

describeWithParts("checks of a list of copies", ["s3"], () => {
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
    await runCopies({ store, from: uploads, at: AT });
  });

  const ports = (more: object = {}) => ({ store, decode: decodeFiles, ...more });
  const remove = (key: string) => store.s3.send(new DeleteObjectCommand({ Bucket: store.name, Key: key }));
  const copyOfB = async (): Promise<string> => (await linesIn(store, AT))[1]?.copy ?? "";

  it.each<VerificationLevel>(["checksums", "decode"])("find nothing wrong at the level %s where nothing is", async (level) => {
    await expect(check({ source: "uploads", level }, ports())).resolves.toMatchObject({ record: { outcome: "verified", findings: [] } });
  });

  it("ask for pages, not for each copy", async () => {
    let heads = 0;
    const counting = { ...store, facts: (key: string) => {
      if (key.includes("/objects/")) heads += 1;
      return store.facts(key);
    } };
    await check({ source: "uploads" }, ports({ store: counting }));
    expect(heads).toBe(0);
  });

  it.each<[string, VerificationLevel, (copy: string, list: string) => Promise<unknown>, CheckOutcome, RegExp]>([
    ["copy deleted", "checksums", (copy) => remove(copy), "missing", /the copy of "b" in backup 20261123T020000Z, there is no such object/],
    ["copy deleted", "decode", (copy) => remove(copy), "missing", /the copy of "b" .* there is no such object/],
    ["copy of another size", "checksums", (copy) => store.put(copy, "few"), "corrupted", /to have 9 bytes, it has 3/],
    ["copy overwritten, same size", "checksums", (copy) => store.put(copy, "b0dy of b"), "corrupted", /to have the CRC32 .*: somebody has written over it/],
    ["copy overwritten, same size", "decode", (copy) => store.put(copy, "b0dy of b"), "corrupted", /they are not those that were copied/],
    ["list of copies truncated", "checksums", (_, list) => store.put(list, "cut"), "corrupted", /to have \d+ bytes, it has 3/],
    ["list of copies deleted", "decode", (_, list) => remove(list), "missing", /the store has no such object/],
  ])("%s is found at the level %s", async (fault, level, spoil, outcome, finding) => {
    await spoil(await copyOfB(), (await copiedManifest(store, AT)).object.key);
    const { record } = await badCheck({ source: "uploads", level }, ports());
    expect({ outcome: record.outcome, findings: record.findings }).toEqual({ outcome, findings: expect.arrayContaining([expect.stringMatching(finding)]) as string[] });
    recordFault({ engine: "files", fault: `${fault}, later`, happened: `${level}: names it`, exit: "error", evidence: outcome, alarm: outcome === "corrupted" ? "corrupted" : "check failed", left: "all else" });
  });

  it("take a copy that was made again with the same bytes for what it is", async () => {
    const copy = await copyOfB();
    const before = (await store.facts(copy))?.etag;
    await store.s3.send(new CopyObjectCommand({ Bucket: store.name, Key: copy, CopySource: `${uploads.name}/b`, ChecksumAlgorithm: "CRC32" }));
    const listed = { ...store, async *list(prefix: string, after?: string) {
      for await (const one of store.list(prefix, after)) yield { ...one, ...(one.key === copy ? { etag: '"as KMS gives it"' } : {}) };
    } };
    expect(before).toBeDefined();
    await expect(check({ source: "uploads" }, ports({ store: listed }))).resolves.toMatchObject({ record: { outcome: "verified" } });
  });

  it("tell of the second region which copies it lacks", async () => {
    const replica = await makeStore(server);
    for (const key of await store.keys()) if (!key.startsWith(".work")) await replica.put(key, Buffer.concat(await bytesOf(store, key)));
    const copy = await copyOfB();
    const later = { now: () => new Date(Date.parse(AT) + 86_400_000) };
    await expect(check({ source: "uploads" }, ports({ replica, ...later }))).resolves.toMatchObject({ record: { outcome: "verified" } });
    await replica.s3.send(new DeleteObjectCommand({ Bucket: replica.name, Key: copy }));
    const { record } = await badCheck({ source: "uploads", scheduledAt: new Date("2026-11-24T00:00:00Z") }, ports({ replica, ...later }));
    expect(record).toMatchObject({ outcome: "missing", findings: [expect.stringContaining(`Expected s3://${replica.name}/${copy}, the copy of "b"`)] });
  });

  it("read the copies in turns where one check has no time for all, and say so", async () => {
    const [place, manifest] = [{ store, system: "campus", stack: "prod", source: "uploads" }, await copiedManifest(store, AT)];
    const signal = new AbortController().signal;
    const read: string[] = [];
    const watched = { ...store, read: (key: string, versionId: string, stop: AbortSignal) => {
      if (key.includes("/objects/")) read.push(key);
      return store.read(key, versionId, stop);
    } };
    const share = { bytes: 1000, copies: 1 };
    for (const turn of [1, 2, 3]) {
      await expect(readCopies({ ...place, store: watched }, manifest, { signal, share })).resolves.toMatchObject({ faults: [], extent: expect.stringContaining(`share ${turn} of 3; each check reads the next one.`) as string });
      await store.put(`campus/evidence/uploads/2026/11/2026112${turn}T050000Z-decode.json`, "{}");
    }
    expect(read.toSorted()).toEqual((await linesIn(store, AT)).map(({ copy }) => copy).toSorted());
    const small = await readCopies(place, manifest, { signal, share: { bytes: 5, copies: 10 } });
    expect(small.extent).toContain("3 larger than a share are never read");
    const { record } = await check({ source: "uploads", level: "decode" }, ports());
    expect(record.extent).toBe("The list was read whole, and 3 of its 3 copies: 27 of 27 bytes.");
  });
});

async function bytesOf(store: TestStore, key: string): Promise<readonly Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of store.read(key, "", new AbortController().signal)) chunks.push(chunk);
  return chunks;
}
