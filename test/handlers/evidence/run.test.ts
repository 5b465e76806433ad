import { DeleteObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from "vitest";
import { type EvidenceReport, runEvidence } from "../../../handlers/evidence/run.ts";
import type { Gauge } from "../../../handlers/runtime/metrics.ts";
import { s3Store } from "../../../handlers/store/s3/s3-store.ts";
import type { Store } from "../../../handlers/store/store.ts";
import { putBackup } from "../../support/handlers/backups.ts";
import { startFaultyProxy } from "../../support/handlers/faulty-proxy.ts";
import { makeStore, settingsOf, type TestStore } from "../../support/handlers/test-store.ts";
import { describeWithParts } from "../../support/parts.ts";
import { type S3Server, startS3 } from "../../support/servers/s3.ts";

const NOW = "2026-11-23T08:00:00Z";
const HOUR = 3_600;

describeWithParts("evidence", ["s3"], () => {
  let server: S3Server;
  let store: TestStore;
  /** What was published, request by request. */
  let published: (readonly Gauge[])[];
  beforeAll(async () => {
    server = await startS3();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    store = await makeStore(server);
    published = [];
  });

  const look = (
    { from = store, replica, sources = ["accounts"], now = NOW }: { from?: Store; replica?: Store; sources?: readonly string[]; now?: string } = {},
  ): Promise<EvidenceReport> =>
    runEvidence({ system: "campus", stack: "prod", sources: sources.map((source) => ({ source, keepDays: 30 })) }, {
      store: from, ...(replica === undefined ? {} : { replica }), now: () => new Date(now), signal: new AbortController().signal,
      publish: (gauges) => {
        published.push(gauges);
        return Promise.resolve();
      },
    });
  const ran: readonly Gauge[] = [{ name: "evidenceRuns", value: 1 }];
  const accounts = (hours: number, bytes = 12): readonly Gauge[] => [
    { name: "backupAge", source: "accounts", value: hours * HOUR }, { name: "backupBytes", source: "accounts", value: bytes },
  ];

  /** Those before it were as large. */
  const likeOthers: readonly Gauge[] = [
    { name: "backupSizeOfMedian", source: "accounts", value: 100 }, { name: "backupSizeOff", source: "accounts", value: 0 },
  ];

  it("publishes age and size of the newest backup, and last that it ran", async () => {
    await putBackup(store, { scheduledAt: "2026-11-22T02:00:00Z", rows: "yesterday's rows" });
    await putBackup(store, { scheduledAt: "2026-11-23T02:00:00Z" });
    await expect(look()).resolves.toEqual({ newest: { accounts: "20261123T020000Z" }, notCopied: [] });
    expect(published).toEqual([accounts(6), ran]);
  });

  it("takes the schedule's time, not that of writing: a backup that came late is as old as what it shows", async () => {
    await putBackup(store, { scheduledAt: "2026-11-20T02:00:00Z", manifest: { finishedAt: "2026-11-23T07:59:00.000Z" } });
    await look();
    expect(published[0]).toEqual(accounts(78));
  });

  it("finds the newest of more than one page", async () => {
    const days = Array.from({ length: 502 }, (_, day) => new Date(Date.UTC(2025, 6, 1 + day, 2)).toISOString());
    for (let first = 0; first < days.length; first += 25) await Promise.all(days.slice(first, first + 25).map((scheduledAt) => putBackup(store, { scheduledAt })));
    await look({ now: "2026-11-14T08:00:00Z" });
    expect(published).toEqual([accounts(6), likeOthers, ran]);
  }, 60_000);

  it("publishes nothing for a source without backup: its alarm takes silence for a fault", async () => {
    await expect(look()).resolves.toEqual({ newest: {}, notCopied: [] });
    expect(published).toEqual([ran]);
  });

  it.each<[string, (store: TestStore) => Promise<unknown>, RegExp]>([
    ["a manifest that is no JSON", (s) => s.put("campus/accounts/2026/11/20261123T020000Z/manifest.json", '{"version":'), /to be JSON, it is not/],
    ["a manifest of a later version", (s) => putBackup(s, { scheduledAt: "2026-11-23T02:00:00Z", manifest: { version: 2 as 1 } }), /manifest of version 1.*version/],
    ["a manifest of another system", (s) => putBackup(s, { scheduledAt: "2026-11-23T02:00:00Z", manifest: { system: "other" } }), /the system campus, it has other/],
    ["a manifest of another stack", (s) => putBackup(s, { scheduledAt: "2026-11-23T02:00:00Z", manifest: { stack: "staging" } }), /the stack prod, it has staging/],
    ["a manifest of another source", (s) => putBackup(s, { scheduledAt: "2026-11-23T02:00:00Z", manifest: { source: "other" } }), /the source accounts, it has other/],
    ["a manifest copied from another day", (s) => putBackup(s, { scheduledAt: "2026-11-23T02:00:00Z", manifest: { scheduledAt: "2026-11-22T02:00:00.000Z" } }), /the runId 20261122/],
    ["a manifest that names another attempt's dump", (s) => putBackup(s, { scheduledAt: "2026-11-23T02:00:00Z", manifest: { attempt: "two" } }), /the dump of its own attempt two/],
    ["a dump that is gone", async (s) => s.s3.send(new DeleteObjectCommand({ Bucket: s.name, Key: (await putBackup(s, { scheduledAt: "2026-11-23T02:00:00Z" })).dump })), /the store has no such object/],
    ["a dump of another size", async (s) => s.put((await putBackup(s, { scheduledAt: "2026-11-23T02:00:00Z" })).dump, "fewer"), /to have 12 bytes, it has 5/],
    ["a dump with other bytes", async (s) => s.put((await putBackup(s, { scheduledAt: "2026-11-23T02:00:00Z" })).dump, "all the raws"), /to have the CRC32/],
    ["a manifest dated tomorrow", (s) => putBackup(s, { scheduledAt: "2026-11-24T02:00:00Z" }), /dated in the past, it is 64800 s ahead/],
  ])("never counts %s as a backup: the older one's age stands, and the run fails after publishing it", async (_, spoil, problem) => {
    await putBackup(store, { scheduledAt: "2026-11-22T08:00:00Z" });
    await spoil(store);
    await expect(look()).rejects.toThrow(problem);
    expect(published).toEqual([accounts(24), ran]);
  });

  it("forgives a clock that is two minutes wrong, without an age below zero", async () => {
    await putBackup(store, { scheduledAt: "2026-11-23T08:02:00Z" });
    await look();
    expect(published[0]).toEqual(accounts(0));
  });

  it("does not take a dump without manifest for a backup", async () => {
    await putBackup(store, { scheduledAt: "2026-11-22T08:00:00Z" });
    await store.put("campus/accounts/2026/11/20261123T020000Z/two.dump", "all the rows");
    await look();
    expect(published[0]).toEqual(accounts(24));
  });

  it("does not mix a source with one whose name begins alike", async () => {
    await putBackup(store, { scheduledAt: "2026-11-23T02:00:00Z", source: "accounts-old" });
    await look();
    expect(published).toEqual([ran]);
  });

  it("publishes the others when a source cannot be read, and does not say that it ran", async () => {
    await putBackup(store, { scheduledAt: "2026-11-23T02:00:00Z" });
    await putBackup(store, { scheduledAt: "2026-11-23T02:00:00Z", source: "broken" });
    const proxy = await startFaultyProxy(server.endpoint, ({ path }) => (path.includes("broken") ? { status: 403, code: "AccessDenied" } : "pass"));
    onTestFinished(() => proxy.stop());
    const from = s3Store({ name: store.name, s3: new S3Client(settingsOf(server, proxy.endpoint)) });
    await expect(look({ from, sources: ["broken", "accounts"] })).rejects.toThrow("broken: ");
    expect(published).toEqual([accounts(6)]);
  });

  it("does not show an older backup's age because the newest could not be read for a moment", async () => {
    await putBackup(store, { scheduledAt: "2026-11-20T02:00:00Z" });
    const { manifest } = await putBackup(store, { scheduledAt: "2026-11-23T02:00:00Z" });
    const proxy = await startFaultyProxy(server.endpoint, ({ method, path }) => (method === "GET" && path.includes(manifest) ? { status: 403, code: "AccessDenied" } : "pass"));
    onTestFinished(() => proxy.stop());
    await expect(look({ from: s3Store({ name: store.name, s3: new S3Client(settingsOf(server, proxy.endpoint)) }) })).rejects.toThrow("accounts: ");
    expect(published).toEqual([]);
  });

  const finished = (minutesAgo: number): { readonly scheduledAt: string; readonly manifest: { readonly finishedAt: string } } =>
    ({ scheduledAt: "2026-11-23T02:00:00Z", manifest: { finishedAt: new Date(Date.parse(NOW) - minutesAgo * 60_000).toISOString() } });
  const notCopied = (value: number): readonly Gauge[] => [{ name: "backupsNotCopied", source: "accounts", value }];

  it.each([["has had two hours", 120, 1], ["is still within its two hours", 119, 0]])(
    "says of a backup that the second region lacks and that %s: %i min give %i", async (_, minutesAgo, value) => {
      const { dump, manifest } = await putBackup(store, finished(minutesAgo));
      const replica = await makeStore(server);
      await expect(look({ replica })).resolves.toMatchObject({ notCopied: value === 1 ? [dump, manifest] : [] });
      expect(published).toEqual([accounts(6), notCopied(value), ran]);
    },
  );

  it("says that nothing is missing where the second region has the newest, or one that is newer than the late one", async () => {
    const replica = await makeStore(server);
    await putBackup(store, { scheduledAt: "2026-11-22T02:00:00Z" });
    for (const place of [store, replica]) await putBackup(place, { scheduledAt: "2026-11-23T07:00:00Z" });
    await putBackup(store, { scheduledAt: "2026-11-23T08:00:00Z" });
    await look({ replica });
    expect(published).toEqual([accounts(0), notCopied(0), ran]);
  });

  it("is not put off by newer backups that are always on their way: those of every hour", async () => {
    for (const hour of ["05", "07", "08"]) await putBackup(store, { scheduledAt: `2026-11-23T${hour}:00:00Z` });
    const { dump, manifest } = await putBackup(store, { scheduledAt: "2026-11-23T06:00:00Z" });
    await expect(look({ replica: await makeStore(server) })).resolves.toMatchObject({ notCopied: [dump, manifest] });
    expect(published).toEqual([accounts(0), likeOthers, notCopied(1), ran]);
  });

  it("does not take a copy with other bytes for one", async () => {
    const replica = await makeStore(server);
    for (const place of [store, replica]) await putBackup(place, { scheduledAt: "2026-11-23T02:00:00Z" });
    await replica.put("campus/accounts/2026/11/20261123T020000Z/one.dump", "all the raws");
    await look({ replica });
    expect(published).toEqual([accounts(6), notCopied(1), ran]);
  });

  it("misses no copy of a source that has no backup yet", async () => {
    await look({ replica: await makeStore(server) });
    expect(published).toEqual([notCopied(0), ran]);
  });

  it("publishes ages when the second region cannot be read, nothing of copies, and not that it ran", async () => {
    await putBackup(store, { scheduledAt: "2026-11-23T02:00:00Z" });
    const replica = await makeStore(server);
    const proxy = await startFaultyProxy(server.endpoint, ({ path }) => (path.includes(replica.name) ? { status: 403, code: "AccessDenied" } : "pass"));
    onTestFinished(() => proxy.stop());
    const unreadable = s3Store({ name: replica.name, s3: new S3Client(settingsOf(server, proxy.endpoint)) });
    await expect(look({ replica: unreadable })).rejects.toThrow("accounts, second region: ");
    expect(published).toEqual([accounts(6)]);
  });
});
