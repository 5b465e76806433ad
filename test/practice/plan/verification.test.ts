import { describe, expect, it } from "vitest";
import { measures } from "../../../practice/alerts/signals.ts";
import type { Settings } from "../../../practice/config/settings.ts";
import { SUSPICIOUS_ABOVE_PERCENT, TOO_SMALL_BELOW_PERCENT } from "../../../handlers/store/size.ts";
import { campus, daily, entryOf, monthly, planFor } from "../../support/campus.ts";
import { filesSource, networkDatabase } from "../../support/settings.ts";

const accounts = (parts: Parameters<typeof networkDatabase>[1]): Partial<Settings> => ({ databases: { accounts: networkDatabase("postgresql", parts) } });
const backup = { schedule: daily(), keepDays: 30 };

describe("the checks of what is backed up", () => {
  it("are there for every source without a word in the stack file, and carry integrity", () => {
    const entries = planFor().entries.filter(({ kind }) => kind === "verification");
    expect(entries.map(({ name, carries }) => [name, carries])).toEqual(["accounts-verify", "catalogue-verify", "uploads-verify"].map((name) => [name, ["verify.integrity"]]));
    expect(entryOf(planFor(), "verification", "uploads-verify")).toMatchObject({
      from: "upkeep:files.uploads.verify", source: "uploads", engine: "files", keepDays: 30,
      checks: [{ level: "checksums", schedule: { words: "daily at 06:00" } }, { level: "decode", schedule: { words: "weekly on sunday at 05:00" } }],
    });
  });

  it("are none where nothing is backed up", () => {
    expect(planFor({ databases: { accounts: networkDatabase("postgresql") }, files: { uploads: filesSource() } }).entries.some(({ kind }) => kind === "verification")).toBe(false);
  });

  it("run when the stack file says, in the system's zone where it says nothing", () => {
    const { checks } = entryOf(planFor(accounts({ backup, verify: { checksums: daily(45), integrity: daily(50) } })), "verification", "accounts-verify");
    expect(checks.map(({ schedule }) => schedule.words)).toEqual(["daily at 01:45", "daily at 01:50"]);
    const zoned = entryOf(planFor({ system: { ...campus().system, timeZone: "Asia/Tokyo" } }), "verification", "uploads-verify");
    expect(zoned.checks.map(({ schedule }) => schedule.timeZone)).toEqual(["Asia/Tokyo", "Asia/Tokyo"]);
  });

  it("read a backup daily where backups are kept for less than a week: retention waits for it", () => {
    const words = (keepDays: number) => entryOf(planFor(accounts({ backup: { ...backup, keepDays } })), "verification", "accounts-verify").checks[1]?.schedule.words;
    expect([words(6), words(7)]).toEqual(["daily at 05:00", "weekly on sunday at 05:00"]);
  });

  it("do not carry integrity when one of them comes less than weekly", () => {
    expect(entryOf(planFor(accounts({ backup, verify: { integrity: monthly } })), "verification", "accounts-verify").carries).toEqual([]);
    expect(entryOf(planFor(accounts({ backup, verify: { checksums: monthly } })), "verification", "accounts-verify").carries).toEqual([]);
  });

  it("are told to evidence and retention as the levels of each source", () => {
    const expected = ["accounts", "catalogue", "uploads"].map((source) => ({ source, keepDays: 30, levels: ["checksums", "decode"] }));
    expect(entryOf(planFor(), "evidence").sources).toEqual(expected);
    expect(entryOf(planFor(), "retention").sources).toEqual(expected);
  });
});

describe("the alerts about checks", () => {
  const alert = (name: string, parts: Partial<Settings> = {}) => entryOf(planFor(parts), "alert", name);

  it("call a level unverified a day after it was due again, and only while somebody measures", () => {
    // A day of 25 hours, a week with one, and the day of grace.
    expect(alert("accounts-unverified-checksums")).toMatchObject({ threshold: (25 + 24) * 3600, suppressedBy: "evidence-silent" });
    expect(alert("accounts-unverified-decode")).toMatchObject({ threshold: (7 * 24 + 1 + 24) * 3600, suppressedBy: "evidence-silent" });
    expect(measures["unverified-decode"]).toMatchObject({ metric: "DecodeAgeSeconds", missing: "breaching" });
  });

  it("say too small and suspicious from the same percents as the checks do", () => {
    expect(alert("accounts-too-small").threshold).toBe(TOO_SMALL_BELOW_PERCENT);
    expect(alert("accounts-suspicious").threshold).toBe(SUSPICIOUS_ABOVE_PERCENT);
    expect(measures["too-small"]).toMatchObject({ metric: "BackupSizeOfMedianPercent", comparison: "LessThanThreshold" });
    expect(measures.suspicious).toMatchObject({ metric: "BackupSizeOffMedianPercent", comparison: "GreaterThanThreshold" });
  });

  it("say corrupted as soon as one level does, as urgent as a backup that is too old", () => {
    expect(alert("accounts-corrupted")).toMatchObject({ threshold: 0, severity: "P1" });
    expect(measures.corrupted).toMatchObject({ metric: "BackupsCorrupted", comparison: "GreaterThanThreshold" });
  });
});
