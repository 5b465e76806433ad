import { S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from "vitest";
import type { RetentionReport } from "../../../handlers/retention/run.ts";
import type { Gauge } from "../../../handlers/runtime/metrics.ts";
import type { Bucket } from "../../../handlers/store/s3/objects.ts";
import { s3Store } from "../../../handlers/store/s3/s3-store.ts";
import type { Store } from "../../../handlers/store/store.ts";
import { putBackup } from "../../support/handlers/backups.ts";
import { type Fate, type SeenRequest, startFaultyProxy } from "../../support/handlers/faulty-proxy.ts";
import { at, held, markedIn, type Retaining, retainIn, runOf } from "../../support/handlers/retaining.ts";
import { makeStore, settingsOf, type TestStore } from "../../support/handlers/test-store.ts";
import { describeWithParts } from "../../support/parts.ts";
import { type S3Server, startS3 } from "../../support/servers/s3.ts";

describeWithParts("retention", ["s3"], () => {
  let server: S3Server;
  let store: TestStore;
  let published: Gauge[];
  beforeAll(async () => {
    server = await startS3();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    store = await makeStore(server);
    published = [];
  });

  const retain = ({ through = store, ...rest }: Omit<Retaining, "store"> & { through?: Store } = {}): Promise<RetentionReport> =>
    retainIn({ ...rest, store: through }, published);
  const marked = (of = store): Promise<readonly string[]> => markedIn(of);
  const through = async (fateOf: (seen: SeenRequest) => Fate): Promise<Bucket> => {
    const proxy = await startFaultyProxy(server.endpoint, fateOf);
    onTestFinished(() => proxy.stop());
    return { name: store.name, s3: new S3Client({ ...settingsOf(server, proxy.endpoint), maxAttempts: 1 }) };
  };

  it("marks dump and manifest of backups whose days are over, and no others", async () => {
    const [old, atLimit] = [await putBackup(store, { scheduledAt: at(19) }), await putBackup(store, { scheduledAt: at(20) })];
    for (const day of [21, 22, 23]) await putBackup(store, { scheduledAt: at(day) });
    await expect(retain()).resolves.toMatchObject({ superseded: { accounts: [runOf(20), runOf(19)] }, heldBack: { accounts: [] } });
    await expect(marked()).resolves.toEqual([old.manifest, old.dump, atLimit.manifest, atLimit.dump]);
    expect(published).toEqual(held(0));
  });

  it("never marks the newest verified backup, whatever its age", async () => {
    for (const day of [1, 2, 3]) await putBackup(store, { scheduledAt: at(day) });
    await expect(retain()).resolves.toMatchObject({ superseded: { accounts: [runOf(2), runOf(1)] }, heldBack: { accounts: [runOf(3)] } });
    expect((await marked()).some((key) => key.includes(runOf(3)))).toBe(false);
    expect(published).toEqual(held(1));
  });

  it.each<[string, (store: TestStore, dump: string) => Promise<unknown>]>([
    ["are not the bytes that were written", (s, dump) => s.put(dump, "all the raws")],
    ["have another size", (s, dump) => s.put(dump, "few")],
  ])("holds back everything when the only newer dump's bytes %s, and says so", async (_, spoil) => {
    await putBackup(store, { scheduledAt: at(10) });
    await spoil(store, (await putBackup(store, { scheduledAt: at(23) })).dump);
    await spoil(store, (await putBackup(store, { scheduledAt: at(12) })).dump);
    await expect(retain()).rejects.toThrow(/accounts: Expected the dump/);
    await expect(marked()).resolves.toEqual([]);
    expect(published).toEqual(held(2));
  });

  it("marks nothing where no backup at all is verified", async () => {
    for (const day of [10, 12]) await store.put((await putBackup(store, { scheduledAt: at(day) })).dump, "few");
    await expect(retain()).rejects.toThrow(/to have 12 bytes, it has 3/);
    await expect(marked()).resolves.toEqual([]);
    expect(published).toEqual(held(2));
  });

  it("does not let a backup dated in the future replace anything", async () => {
    await putBackup(store, { scheduledAt: at(10) });
    await putBackup(store, { scheduledAt: at(25) });
    await expect(retain()).rejects.toThrow("dated in the past");
    await expect(marked()).resolves.toEqual([]);
  });

  it("takes what attempts left behind along with the run they belonged to", async () => {
    const orphan = "campus/accounts/2026/11/20261118T020000Z/killed.dump";
    await store.put(orphan, "half");
    await store.put("campus/accounts/2026/11/20261123T020000Z/running.dump", "half");
    await putBackup(store, { scheduledAt: at(22) });
    await retain();
    await expect(marked()).resolves.toEqual([orphan]);
    expect(published).toEqual(held(0));
  });

  it("leaves what belongs to no run alone, and says so", async () => {
    await putBackup(store, { scheduledAt: at(1) });
    await putBackup(store, { scheduledAt: at(22) });
    await store.put("campus/accounts/notes.txt", "by hand");
    await expect(retain()).rejects.toThrow("1 objects belong to none, the first is campus/accounts/notes.txt");
    expect(await marked()).not.toContain("campus/accounts/notes.txt");
    expect(await marked()).toHaveLength(2);
  });

  it("finishes what a run that was killed between any two marks began", async () => {
    const replica = await makeStore(server);
    for (const day of [1, 2]) {
      await putBackup(store, { scheduledAt: at(day) });
      await putBackup(replica, { scheduledAt: at(day) });
    }
    await putBackup(store, { scheduledAt: at(22) });
    await putBackup(replica, { scheduledAt: at(22) });
    for (let allowed = 0; allowed < 8; allowed += 1) {
      let seen = 0;
      const isMark = ({ method, path }: SeenRequest): boolean => method === "PUT" && path.includes("?tagging");
      const dying = await through((request) => (isMark(request) && (seen += 1) > allowed ? "reset" : "pass"));
      await expect(retain({ through: s3Store(dying), replica: s3Store({ ...dying, name: replica.name }) })).rejects.toThrow();
      // A manifest goes last: while a run's dump or copy is unmarked, its manifest in the store is found again.
      for (const key of (await marked()).filter((one) => one.endsWith("manifest.json"))) {
        const folder = key.slice(0, -"manifest.json".length);
        expect((await marked(replica)).filter((one) => one.startsWith(folder))).toHaveLength(2);
        expect(await marked()).toContain(`${folder}one.dump`);
      }
    }
    await retain({ replica });
    await expect(marked()).resolves.toHaveLength(4);
    await expect(marked(replica)).resolves.toHaveLength(4);
    await expect(retain({ replica })).resolves.toMatchObject({ missingInReplica: [] });
    await expect(marked()).resolves.toHaveLength(4);
  });

  it("marks one source when another cannot be read, and fails", async () => {
    await putBackup(store, { scheduledAt: at(1) });
    await putBackup(store, { scheduledAt: at(22) });
    const partly = await through(({ path }) => (path.includes("broken") ? { status: 403, code: "AccessDenied" } : "pass"));
    await expect(retain({ through: s3Store(partly), sources: ["broken", "accounts"] })).rejects.toThrow("broken: ");
    await expect(marked()).resolves.toHaveLength(2);
    expect(published).toEqual(held(0));
  });
});
