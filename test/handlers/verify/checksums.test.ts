import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { putBackup } from "../../support/handlers/backups.ts";
import { badCheck, check } from "../../support/handlers/checks.ts";
import { makeStore, type TestStore } from "../../support/handlers/test-store.ts";
import { describeWithParts } from "../../support/parts.ts";
import { type S3Server, startS3 } from "../../support/servers/s3.ts";

const day = (number: number): string => `2026-11-${String(number).padStart(2, "0")}T02:00:00Z`;
const wrongBytes = { object: { key: "", versionId: "", bytes: 1, sha256: "0".repeat(64), crc32: "AAAAAA==" } };

describeWithParts("the checksums of kept backups", ["s3"], () => {
  let server: S3Server;
  let store: TestStore;
  let replica: TestStore;
  beforeAll(async () => {
    server = await startS3();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    store = await makeStore(server);
    replica = await makeStore(server);
  });

  const spoilt = async (at: string): Promise<void> => {
    const { dump } = await putBackup(store, { scheduledAt: at });
    await store.put(dump, "x");
  };

  it("are good where every kept backup is, in both regions", async () => {
    for (const number of [21, 22, 23]) for (const place of [store, replica]) await putBackup(place, { scheduledAt: day(number) });
    await expect(check({ keepDays: 3 }, { store, replica })).resolves.toMatchObject({ record: { outcome: "verified", findings: [], backup: { runId: "20261123T020000Z" } } });
  });

  it("leave out what is over its days: it may be half gone", async () => {
    await spoilt(day(20));
    await putBackup(store, { scheduledAt: day(23) });
    await expect(check({ keepDays: 3 }, { store })).resolves.toMatchObject({ record: { outcome: "verified" } });
    await expect(badCheck({ keepDays: 4, scheduledAt: new Date(day(23)) }, { store })).resolves.toMatchObject({ record: { outcome: "corrupted" } });
  });

  it("look at the newest where all are over their days: it is the last one", async () => {
    await putBackup(store, { scheduledAt: day(1) });
    await spoilt(day(2));
    const { record } = await badCheck({ keepDays: 3 }, { store });
    expect(record.findings).toEqual([expect.stringMatching(/20261102T020000Z\/one.dump to have 12 bytes, it has 1/)]);
  });

  it("do not take a dump without manifest for a fault while its run may be under way", async () => {
    await putBackup(store, { scheduledAt: day(22) });
    await store.put("campus/accounts/2026/11/20261123T020000Z/two.dump", "rows");
    await expect(check({}, { store })).resolves.toMatchObject({ record: { outcome: "verified", backup: { runId: "20261122T020000Z" } } });
  });

  it("of a run with an attempt that lost are good: its backup is whole", async () => {
    await putBackup(store, { scheduledAt: day(21) });
    await store.put("campus/accounts/2026/11/20261121T020000Z/two.dump", "rows");
    await expect(check({}, { store })).resolves.toMatchObject({ record: { outcome: "verified" } });
  });

  it("tell of the second region what is absent and what differs", async () => {
    const { dump, manifest } = await putBackup(store, { scheduledAt: day(22) });
    await putBackup(replica, { scheduledAt: day(22) });
    await replica.put(dump, "all the raws");
    const absent = await putBackup(store, { scheduledAt: day(21) });
    const { record } = await badCheck({}, { store, replica });
    expect(record.outcome).toBe("corrupted");
    expect(record.findings).toEqual([
      `Expected s3://${replica.name}/${dump} to be a copy of s3://${store.name}/${dump}, it has another size or checksum.`,
      `Expected s3://${replica.name}/${absent.dump} to be a copy of s3://${store.name}/${absent.dump}, there is no such object.`,
      `Expected s3://${replica.name}/${absent.manifest} to be a copy of s3://${store.name}/${absent.manifest}, there is no such object.`,
    ]);
    expect(manifest).not.toBe(absent.manifest);
  });

  it("give a copy its two hours", async () => {
    await putBackup(store, { scheduledAt: day(23), manifest: { finishedAt: "2026-11-23T10:01:00.000Z" } });
    await expect(check({}, { store, replica })).resolves.toMatchObject({ record: { outcome: "verified" } });
  });

  it("name every fault, and take the worst word", async () => {
    await putBackup(store, { scheduledAt: day(21), manifest: wrongBytes });
    await spoilt(day(22));
    await putBackup(store, { scheduledAt: day(24) });
    const { record } = await badCheck({}, { store });
    expect(record.outcome).toBe("corrupted");
    expect(record.findings).toHaveLength(3);
  });

  const size = (bytes: number): string => "x".repeat(bytes);
  it.each([
    ["less than half of the median", 49, "too-small", /Backup 20261123T020000Z is too small: 49 bytes are 49 % of the median of the up to 7 before it \(100 bytes\)/],
    ["half of it", 50, "suspicious", /has a suspicious size: 50 bytes/],
    ["41 % below it", 59, "suspicious", /has a suspicious size/],
    ["41 % above it", 141, "suspicious", /has a suspicious size/],
  ])("are never good where the newest is %s", async (_, bytes, outcome, finding) => {
    for (const number of [20, 21, 22]) await putBackup(store, { scheduledAt: day(number), rows: size(100) });
    await putBackup(store, { scheduledAt: day(23), rows: size(bytes) });
    const { record } = await badCheck({}, { store });
    expect(record.outcome).toBe(outcome);
    expect(record.findings).toEqual([expect.stringMatching(finding)]);
  });

  it.each([60, 140])("are good where the newest has %i %% of the median", async (bytes) => {
    for (const number of [20, 21, 22]) await putBackup(store, { scheduledAt: day(number), rows: size(100) });
    await putBackup(store, { scheduledAt: day(23), rows: size(bytes) });
    await expect(check({}, { store })).resolves.toMatchObject({ record: { outcome: "verified" } });
  });
});
