import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { gaugesOfChecks } from "../../../handlers/evidence/checks.ts";
import type { Gauge } from "../../../handlers/runtime/metrics.ts";
import { listRuns, soundBackups } from "../../../handlers/store/backups.ts";
import type { VerificationLevel } from "../../../practice/contract/evidence.ts";
import { putBackup } from "../../support/handlers/backups.ts";
import { putRecord } from "../../support/handlers/evidence.ts";
import { makeStore, type TestStore } from "../../support/handlers/test-store.ts";
import { describeWithParts } from "../../support/parts.ts";
import { type S3Server, startS3 } from "../../support/servers/s3.ts";

const NOW = new Date("2026-11-23T12:00:00Z");
const HOUR = 3_600;

describeWithParts("gauges of checks", ["s3"], () => {
  let server: S3Server;
  let store: TestStore;
  let problems: string[];
  beforeAll(async () => {
    server = await startS3();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    store = await makeStore(server);
    problems = [];
  });

  const gauges = async (levels: readonly VerificationLevel[]): Promise<readonly Gauge[]> => {
    const place = { store, system: "campus", stack: "prod", source: "accounts" };
    const { runs } = await listRuns(place);
    const { value: backup } = await soundBackups(place, runs, NOW, () => undefined).next();
    return gaugesOfChecks(place, { levels, runs, backup }, NOW, ({ message }) => problems.push(message));
  };
  const valueOf = (all: readonly Gauge[], name: Gauge["name"]): number | undefined => all.find((gauge) => gauge.name === name)?.value;

  it("are the ages of the newest good check of each level, and that none says corrupted", async () => {
    await putRecord(store, "2026-11-23T06:00:00Z");
    await putRecord(store, "2026-11-22T06:00:00Z");
    await putRecord(store, "2026-11-20T12:00:00Z", { level: "decode" });
    await putRecord(store, "2026-11-01T12:00:00Z", {
      level: "restore", outcome: "restored", restore: { target: "scratch", durationMilliseconds: 1234, ageSeconds: 1, sameCounts: 1, sameHashes: 1 },
    });
    await expect(gauges(["checksums", "decode", "restore"])).resolves.toEqual([
      { name: "backupsCorrupted", source: "accounts", value: 0 },
      { name: "checksumsAge", source: "accounts", value: 6 * HOUR },
      { name: "decodeAge", source: "accounts", value: 72 * HOUR },
      { name: "restoreAge", source: "accounts", value: 22 * 24 * HOUR },
      { name: "restoreDuration", source: "accounts", value: 1234 },
    ]);
    expect(problems).toEqual([]);
  });

  it.each(["failed", "missing", "corrupted", "too-small", "suspicious"] as const)("take a check that says %s for no good one: the age of the one before it stands", async (outcome) => {
    await putRecord(store, "2026-11-22T12:00:00Z");
    await putRecord(store, "2026-11-23T11:00:00Z", { outcome });
    expect(valueOf(await gauges(["checksums"]), "checksumsAge")).toBe(24 * HOUR);
  });

  it("count from the first trace of a backup where no check ever was good: unverified since then, not since the deployment", async () => {
    await putBackup(store, { scheduledAt: "2026-11-21T12:00:00Z" });
    await putBackup(store, { scheduledAt: "2026-11-22T12:00:00Z" });
    expect(valueOf(await gauges(["decode"]), "decodeAge")).toBe(48 * HOUR);
    // Old backups expire, old evidence does not: the age goes on.
    await putRecord(store, "2026-11-13T12:00:00Z", { outcome: "failed" });
    expect(valueOf(await gauges(["decode"]), "decodeAge")).toBe(240 * HOUR);
  });

  it("are zero where there is nothing to verify yet: the backup's own age says so", async () => {
    expect(valueOf(await gauges(["decode"]), "decodeAge")).toBe(0);
  });

  it("say corrupted for each level that found it, until that level says better", async () => {
    await putRecord(store, "2026-11-22T12:00:00Z", { outcome: "corrupted" });
    await putRecord(store, "2026-11-22T12:00:00Z", { outcome: "corrupted", level: "decode" });
    expect(valueOf(await gauges(["checksums", "decode"]), "backupsCorrupted")).toBe(2);
    await putRecord(store, "2026-11-23T11:00:00Z", { outcome: "failed" });
    expect(valueOf(await gauges(["checksums", "decode"]), "backupsCorrupted")).toBe(2);
    await putRecord(store, "2026-11-23T11:30:00Z");
    expect(valueOf(await gauges(["checksums", "decode"]), "backupsCorrupted")).toBe(1);
  });

  it("do not count what is no evidence, or is dated in the future, and say so", async () => {
    await putRecord(store, "2026-11-23T11:00:00Z", { checkId: "20261122T110000Z" });
    await putRecord(store, "2026-11-24T11:00:00Z");
    await putRecord(store, "2026-11-22T12:00:00Z");
    expect(valueOf(await gauges(["checksums"]), "checksumsAge")).toBe(24 * HOUR);
    expect(problems).toEqual([expect.stringMatching(/20261124T110000Z-checksums.json to be of the past, it is 82800 s ahead/), expect.stringMatching(/it is one of campus accounts 20261122T110000Z/)]);
  });

  it("of a source without levels are its size alone, and that only beside three others", async () => {
    for (const [day, bytes] of [[19, 100], [20, 100], [21, 100], [22, 30]] as const) {
      await expect(gauges([])).resolves.toEqual([]);
      await putBackup(store, { scheduledAt: `2026-11-${day}T02:00:00Z`, rows: "x".repeat(bytes) });
    }
    await expect(gauges([])).resolves.toEqual([
      { name: "backupSizeOfMedian", source: "accounts", value: 30 }, { name: "backupSizeOff", source: "accounts", value: 70 },
    ]);
  });
});
