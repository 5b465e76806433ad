import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { Gauge } from "../../../handlers/runtime/metrics.ts";
import { putBackup } from "../../support/handlers/backups.ts";
import { at, held, markedIn, retainIn, runOf } from "../../support/handlers/retaining.ts";
import { makeStore, type TestStore } from "../../support/handlers/test-store.ts";
import { describeWithParts } from "../../support/parts.ts";
import { type S3Server, startS3 } from "../../support/servers/s3.ts";

const remove = ({ s3, name }: TestStore, key: string): Promise<unknown> => s3.send(new DeleteObjectCommand({ Bucket: name, Key: key }));

describeWithParts("a backup stands in for older ones", ["s3"], () => {
  let server: S3Server;
  let store: TestStore;
  let replica: TestStore;
  let published: Gauge[];
  beforeAll(async () => {
    server = await startS3();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    [store, replica] = await Promise.all([makeStore(server), makeStore(server)]);
    published = [];
  });

  it("keeps the newest that the second region has, however many newer ones the first has: what is marked expires in both", async () => {
    for (const day of [1, 2]) {
      await putBackup(store, { scheduledAt: at(day) });
      await putBackup(replica, { scheduledAt: at(day) });
    }
    for (const day of [21, 22, 23]) await putBackup(store, { scheduledAt: at(day) });
    await expect(retainIn({ store, replica }, published)).resolves.toMatchObject({ superseded: { accounts: [runOf(1)] }, heldBack: { accounts: [runOf(2)] } });
    expect((await markedIn(replica)).some((key) => key.includes(runOf(2)))).toBe(false);
    expect((await markedIn(store)).some((key) => key.includes(runOf(2)))).toBe(false);
    expect(published).toEqual(held(1));
  });

  it.each<[string, (replica: TestStore, keys: { readonly dump: string; readonly manifest: string }) => Promise<unknown>]>([
    ["has no dump", (r, { dump }) => remove(r, dump)],
    ["has no manifest", (r, { manifest }) => remove(r, manifest)],
    ["has a dump of another size", (r, { dump }) => r.put(dump, "few")],
    ["has a dump of other bytes", (r, { dump }) => r.put(dump, "all the raws")],
    ["has a manifest of another size", (r, { manifest }) => r.put(manifest, "{}")],
  ])("holds back when the copy of the only newer backup %s", async (_, spoil) => {
    await putBackup(store, { scheduledAt: at(1) });
    await putBackup(store, { scheduledAt: at(22) });
    await putBackup(replica, { scheduledAt: at(1) });
    await spoil(replica, await putBackup(replica, { scheduledAt: at(22) }));
    await expect(retainIn({ store, replica }, published)).resolves.toMatchObject({ superseded: { accounts: [] }, heldBack: { accounts: [runOf(1)] } });
    await expect(markedIn(store)).resolves.toEqual([]);
    expect(published).toEqual(held(1));
  });

  it("lets an older backup that is copied stand in while the newest is still on its way", async () => {
    for (const day of [1, 21, 22]) await putBackup(store, { scheduledAt: at(day) });
    for (const day of [1, 21]) await putBackup(replica, { scheduledAt: at(day) });
    await expect(retainIn({ store, replica }, published)).resolves.toMatchObject({ superseded: { accounts: [runOf(1)] } });
    expect(published).toEqual(held(0));
  });

  it("reports copies of what may expire that the second region never had, and goes on", async () => {
    const { dump, manifest } = await putBackup(store, { scheduledAt: at(1) });
    for (const place of [store, replica]) await putBackup(place, { scheduledAt: at(22) });
    await expect(retainIn({ store, replica }, published)).resolves.toMatchObject({ missingInReplica: [dump, manifest] });
    await expect(markedIn(store)).resolves.toEqual([manifest, dump]);
  });

  const putFiles = (day: number, objects: number): Promise<unknown> =>
    putBackup(store, { scheduledAt: at(day), manifest: { engine: "files", counts: { objects } } });

  it("does not let the backup of an emptied bucket replace one with content", async () => {
    for (const [day, objects] of [[1, 7], [2, 8], [21, 0], [22, 0]] as const) await putFiles(day, objects);
    await expect(retainIn({ store }, published)).resolves.toMatchObject({ superseded: { accounts: [runOf(1)] }, heldBack: { accounts: [runOf(2)] } });
    expect(published).toEqual(held(1));
  });

  it("lets backups of a bucket that was always empty go, and what their runs left behind", async () => {
    const orphan = "campus/accounts/2026/11/20261103T020000Z/killed.tar.gz";
    await store.put(orphan, "half");
    for (const day of [1, 2, 22]) await putFiles(day, 0);
    await expect(retainIn({ store }, published)).resolves.toMatchObject({ superseded: { accounts: [runOf(3), runOf(2), runOf(1)] }, heldBack: { accounts: [] } });
    expect(published).toEqual(held(0));
  });

  it("does not let an empty backup replace one that cannot be read: it may have had content", async () => {
    const { dump } = await putBackup(store, { scheduledAt: at(1), manifest: { engine: "files", counts: { objects: 7 } } });
    await store.put(dump, "few");
    await putFiles(22, 0);
    await expect(retainIn({ store }, published)).rejects.toThrow("to have 12 bytes, it has 3");
    await expect(markedIn(store)).resolves.toEqual([]);
    expect(published).toEqual(held(1));
  });
});
