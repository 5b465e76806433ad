import { describe, expect, it } from "vitest";
import type { BucketFiles } from "../../../practice/config/settings.ts";
import { daily, entryOf, planFor } from "../../support/campus.ts";
import { filesSource } from "../../support/settings.ts";

const planned = (parts: Partial<BucketFiles>) => planFor({ files: { uploads: filesSource({ backup: { schedule: daily(), keepDays: 30 }, ...parts }) } });

describe("a bucket is backed up", () => {
  it.each<[string, Partial<BucketFiles>, "archive" | "copies"]>([
    ["as one archive up to 20 GiB", { sizeGiB: 20 }, "archive"],
    ["by copies above", { sizeGiB: 20.1 }, "copies"],
    ["by copies where somebody wants them", { sizeGiB: 1, as: "copies" }, "copies"],
  ])("%s", (_, parts, as) => {
    expect(entryOf(planned(parts), "files-backup")).toMatchObject({ as, carries: ["backup.files.daily"], timeoutSeconds: 900 });
  });

  it("with room for a million names where it is copied, in whatever lists copies", () => {
    const [archive, copies] = [planned({ sizeGiB: 1 }), planned({ sizeGiB: 400 })];
    expect([entryOf(archive, "files-backup"), entryOf(archive, "retention")].map(({ memoryMegabytes }) => memoryMegabytes)).toEqual([1769, 512]);
    expect([entryOf(copies, "files-backup"), entryOf(copies, "retention"), entryOf(copies, "verification", "uploads-verify")].map(({ memoryMegabytes, timeoutSeconds }) => [memoryMegabytes, timeoutSeconds]))
      .toEqual([[3538, 900], [3538, 900], [3538, 900]]);
  });

  it("is late only after the first run, which copies everything, has had its time", () => {
    const lateAfter = (sizeGiB: number) => (planned({ sizeGiB }).entries.find((entry) => entry.kind === "alert" && entry.name === "uploads-age") as { threshold: number }).threshold / 3600;
    // A day of 25 hours, and then: the function's two hours; two and a half for list and manifest, and an hour for each 500 GiB.
    expect([lateAfter(18), lateAfter(400), lateAfter(4_000)]).toEqual([27, 28, 35]);
  });
});
