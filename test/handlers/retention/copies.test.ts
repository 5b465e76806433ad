import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type RetentionReport, runRetention } from "../../../handlers/retention/run.ts";
import { manifestKey, runPrefix } from "../../../practice/contract/store.ts";
import { copiedManifest, linesIn, runCopies } from "../../support/handlers/copying.ts";
import { startFullObjectS3 } from "../../support/handlers/full-object-s3.ts";
import { markedIn } from "../../support/handlers/retaining.ts";
import { makeStore, type TestStore } from "../../support/handlers/test-store.ts";
import { describeWithParts } from "../../support/parts.ts";
import type { S3Server } from "../../support/servers/s3.ts";

const DAY = 86_400_000;
/** The emulator's clock is the machine's: what is copied now is three days old then. */
const THEN = Date.now() + 3 * DAY;
const daysBefore = (days: number): string => new Date(THEN - days * DAY).toISOString().replace(/\.\d+Z/, "Z");
const [OLD, NEWER, NEWEST] = [daysBefore(9), daysBefore(2), daysBefore(1)];

describeWithParts("retention of copies", ["s3"], () => {
  let server: S3Server;
  let store: TestStore;
  let uploads: TestStore;
  beforeAll(async () => {
    server = await startFullObjectS3();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    [store, uploads] = await Promise.all([makeStore(server), makeStore(server)]);
    // The first is over its days; `goes` is only in it.
    for (const key of ["goes", "stays"]) await uploads.put(key, `body of ${key}`);
    await runCopies({ store, from: uploads, at: OLD });
    await uploads.s3.send(new DeleteObjectCommand({ Bucket: uploads.name, Key: "goes" }));
    for (const at of [NEWER, NEWEST]) {
      await uploads.put("comes", `body of ${at}`);
      await runCopies({ store, from: uploads, at });
    }
  });

  const retain = (more: { readonly store?: TestStore; readonly replica?: TestStore; readonly now?: number } = {}): Promise<RetentionReport> =>
    runRetention({ system: "campus", stack: "prod", sources: [{ source: "uploads", keepDays: 3 }] }, {
      store, publish: () => Promise.resolve(), signal: new AbortController().signal, ...more, now: () => new Date(more.now ?? THEN),
    });
  const copiesMarked = async (of = store): Promise<readonly string[]> => (await markedIn(of)).filter((key) => key.includes("/objects/"));
  const copyIn = async (at: string, key: string): Promise<string> => (await linesIn(store, at)).find((line) => line.key === key)?.copy ?? "";
  const remove = async (key: string) => void await store.s3.send(new DeleteObjectCommand({ Bucket: store.name, Key: key }));
  /** As the store's lifecycle does. */
  const expire = async (): Promise<void> => {
    for (const key of await markedIn(store)) await remove(key);
  };

  it("lets a copy expire only when no list names it any more, and that is after the list itself is gone", async () => {
    const goes = await copyIn(OLD, "goes");
    await expect(retain()).resolves.toMatchObject({ superseded: { uploads: [expect.any(String)] }, unlistedCopies: {} });
    expect(await copiesMarked()).toEqual([]);
    await expire();
    await expect(retain()).resolves.toMatchObject({ unlistedCopies: { uploads: 1 } });
    expect(await copiesMarked()).toEqual([goes]);
  });

  it("never marks what a kept list names: after all has expired, each of its copies is there", async () => {
    for (const run of [1, 2, 3]) {
      await retain();
      await expire();
      for (const at of [NEWER, NEWEST]) for (const { key, copy } of await linesIn(store, at)) await expect(store.facts(copy), `${key} after run ${run}`).resolves.toBeDefined();
    }
    expect((await store.keys()).filter((key) => key.includes("/objects/"))).toHaveLength(3);
  });

  it("leaves copies alone that are younger than two days: their run may have no manifest yet", async () => {
    const young = `campus/uploads/objects/${"a".repeat(64)}`;
    await store.put(young, "of a run that is under way");
    const asOfYesterday: TestStore = { ...store, async *list(prefix, after) {
      for await (const one of store.list(prefix, after)) yield one.key === young ? { ...one, modifiedAt: new Date(THEN - DAY) } : one;
    } };
    await expect(retain({ store: asOfYesterday })).resolves.toMatchObject({ unlistedCopies: {} });
    expect(await copiesMarked()).toEqual([]);
    await retain();
    expect(await copiesMarked()).toEqual([young]);
  });

  it("does not mark a copy that a run has made anew since it was seen to be old", async () => {
    const old = `campus/uploads/objects/${"b".repeat(64)}`;
    await store.put(old, "nobody's");
    const renewed: TestStore = { ...store, facts: async (key) => {
      const facts = await store.facts(key);
      return key === old && facts !== undefined ? { ...facts, modifiedAt: new Date(THEN) } : facts;
    } };
    await retain({ store: renewed });
    expect(await copiesMarked()).toEqual([]);
  });

  it("marks no copy while a kept list cannot be read, and says so", async () => {
    await store.put(`campus/uploads/objects/${"c".repeat(64)}`, "nobody's");
    const { object } = await copiedManifest(store, NEWER);
    await store.put(object.key, "cut off");
    await remove((await copiedManifest(store, OLD)).object.key);
    await store.s3.send(new DeleteObjectCommand({ Bucket: store.name, Key: object.key, VersionId: object.versionId }));
    await expect(retain()).rejects.toThrow(/uploads: Expected to read every list of copies before any copy may expire/);
    expect(await copiesMarked()).toEqual([]);
  });

  it("does not wait for the list of a backup that is on its way out", async () => {
    const old = manifestKey(runPrefix("campus", "uploads", new Date(OLD)));
    await retain();
    const { key: Key, versionId: VersionId } = (await copiedManifest(store, OLD)).object;
    await store.s3.send(new DeleteObjectCommand({ Bucket: store.name, Key, VersionId }));
    expect(await store.keys()).toContain(old);
    await expect(retain()).resolves.toMatchObject({ unlistedCopies: { uploads: 1 } });
  });

  it.each(["the store", "the second region"])("takes a list for no stand-in while a copy of it is missing in %s", async (where) => {
    const replica = await makeStore(server);
    for (const key of await store.keys()) if (!key.startsWith(".work")) await replica.put(key, Buffer.concat(await bytesOf(store, key)));
    const stays = await copyIn(NEWEST, "stays");
    const lacking = where === "the store" ? store : replica;
    await lacking.s3.send(new DeleteObjectCommand({ Bucket: lacking.name, Key: stays }));
    await expect(retain({ replica })).resolves.toMatchObject({ superseded: { uploads: [] }, heldBack: { uploads: [expect.any(String)] } });
  });

  it("keeps every older list after a bucket was emptied", async () => {
    for (const key of ["stays", "comes"]) await uploads.s3.send(new DeleteObjectCommand({ Bucket: uploads.name, Key: key }));
    const at = daysBefore(0.5);
    await runCopies({ store, from: uploads, at });
    const late = THEN + 30 * DAY;
    for (const run of [1, 2]) {
      await retain({ now: late + run });
      await expire();
    }
    expect((await linesIn(store, NEWEST)).map(({ key }) => key)).toEqual(["comes", "stays"]);
    for (const { copy } of await linesIn(store, NEWEST)) await expect(store.facts(copy)).resolves.toBeDefined();
  });
});

async function bytesOf(store: TestStore, key: string): Promise<readonly Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of store.read(key, "", new AbortController().signal)) chunks.push(chunk);
  return chunks;
}
