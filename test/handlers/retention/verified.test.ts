import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { EvidenceRecord } from "../../../practice/contract/evidence.ts";
import type { Gauge } from "../../../handlers/runtime/metrics.ts";
import { putBackup } from "../../support/handlers/backups.ts";
import { putRecord } from "../../support/handlers/evidence.ts";
import { at, retainIn, runOf } from "../../support/handlers/retaining.ts";
import { makeStore, type TestStore } from "../../support/handlers/test-store.ts";
import { describeWithParts } from "../../support/parts.ts";
import { type S3Server, startS3 } from "../../support/servers/s3.ts";

const sha256 = createHash("sha256").update("all the rows").digest("hex");

/** What a check that read the backup of a day has in its record. */
const of = (day: number): Required<Pick<EvidenceRecord, "backup">> => ({
  backup: { runId: runOf(day), attempt: "one", scheduledAt: at(day), key: `campus/accounts/2026/11/${runOf(day)}/one.dump`, versionId: "v", sha256 },
});
const noon = (day: number): string => `2026-11-${String(day).padStart(2, "0")}T12:00:00Z`;

describeWithParts("a backup counts as verified for retention", ["s3"], () => {
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
    // The first two are over their days.
    for (const day of [10, 11, 21, 22, 23]) await putBackup(store, { scheduledAt: at(day) });
  });

  const retain = () => retainIn({ store, levels: ["checksums", "decode"] }, published);
  const gone = { superseded: { accounts: [runOf(11), runOf(10)] }, heldBack: { accounts: [] } };
  const heldBoth = { superseded: { accounts: [] }, heldBack: { accounts: [runOf(11), runOf(10)] } };

  it("once a scheduled re-read found it good", async () => {
    await putRecord(store, noon(22), { level: "decode", ...of(22) });
    await expect(retain()).resolves.toMatchObject(gone);
  });

  it("once a drill restored it", async () => {
    await putRecord(store, noon(22), { level: "restore", outcome: "restored", ...of(22) });
    await expect(retain()).resolves.toMatchObject(gone);
  });

  it("by its checksums alone where nothing is read on schedule", async () => {
    await expect(retainIn({ store }, published)).resolves.toMatchObject(gone);
    await expect(retainIn({ store, levels: ["checksums"] }, published)).resolves.toMatchObject({ heldBack: { accounts: [] } });
  });

  it("never where re-reads are asked for and none was made: nothing expires, and that is told", async () => {
    await expect(retain()).resolves.toMatchObject(heldBoth);
    expect(published).toEqual([{ name: "backupsHeldBack", source: "accounts", value: 2 }]);
  });

  it.each<[string, Partial<EvidenceRecord>]>([
    ["that failed", { level: "decode", outcome: "failed", ...of(22) }],
    ["of checksums only", { level: "checksums", ...of(22) }],
    ["of another attempt", { level: "decode", backup: { ...of(22).backup, attempt: "two" } }],
    ["of other bytes", { level: "decode", backup: { ...of(22).backup, sha256: "0".repeat(64) } }],
    ["of a backup that is itself over its days", { level: "decode", ...of(10) }],
    ["that found it corrupted", { level: "decode", outcome: "corrupted", ...of(22) }],
  ])("not by a check %s", async (_, record) => {
    await putRecord(store, noon(22), record);
    await expect(retain()).resolves.toMatchObject(heldBoth);
  });

  it("not after a newer check found it corrupted, and again after a newer one found it good", async () => {
    await putRecord(store, noon(22), { level: "decode", ...of(22) });
    await putRecord(store, noon(23), { level: "restore", outcome: "corrupted", ...of(22) });
    await expect(retain()).resolves.toMatchObject(heldBoth);
    await putRecord(store, "2026-11-23T13:00:00Z", { level: "decode", ...of(22) });
    await expect(retain()).resolves.toMatchObject(gone);
  });

  it("not while a check found it corrupted, even where nothing is read on schedule", async () => {
    for (const day of [21, 22, 23]) await putRecord(store, `2026-11-23T1${day - 20}:00:00Z`, { level: "decode", outcome: "corrupted", ...of(day) });
    await expect(retainIn({ store }, published)).resolves.toMatchObject({ superseded: { accounts: [runOf(10)] }, heldBack: { accounts: [runOf(11)] } });
  });

  it.each([["too small", "x"], ["suspiciously large", "all the rows, and as many again"]])("not while its size is %s: the one before it stands in", async (_, rows) => {
    await putBackup(store, { scheduledAt: "2026-11-23T08:00:00Z", rows });
    for (const day of [12, 13]) await putBackup(store, { scheduledAt: at(day) });
    for (const day of [21, 22, 23]) await putBackup(store, { scheduledAt: at(day), rows });
    const { superseded, heldBack } = await retainIn({ store }, published);
    // 21 and 22 are as far off the median of those before them: the newest plausible one is of the 13th.
    expect(superseded).toEqual({ accounts: [runOf(12), runOf(11), runOf(10)] });
    expect(heldBack).toEqual({ accounts: [runOf(13)] });
  });

  it("and evidence that is none is told, and does not count", async () => {
    await putRecord(store, noon(22), { level: "decode", ...of(22), checkId: "20261121T120000Z" });
    await expect(retain()).rejects.toThrow(/to be the record of campus accounts 20261122T120000Z decode/);
    expect(published).toEqual([{ name: "backupsHeldBack", source: "accounts", value: 2 }]);
  });
});
