import { describe, expect, it } from "vitest";
import { chooseRunner } from "../../../handlers/backup/choose-runner.ts";
import { expectedGiB } from "../../../handlers/backup/last-run.ts";
import type { BackupManifest } from "../../../practice/contract/manifest.ts";
import type { Runner } from "../../../practice/contract/runner.ts";

const GIBIBYTE = 1024 ** 3;
const measured = (gibibytes: number, minutes: number, runner: Runner = "lambda"): BackupManifest =>
  ({ runId: "20261122T020000Z", dumpBytes: gibibytes * GIBIBYTE, durationMilliseconds: minutes * 60_000, runner }) as BackupManifest;

describe("where a run shall be", () => {
  it.each([
    ["lambda", 4, "No run was measured yet, and the declared 4 GiB are within the 20 GiB of a function."],
    ["fargate", 30, "No run was measured yet, and the declared 30 GiB are more than the 20 GiB of a function."],
  ] as const)("is what was declared, %s, until a run was measured", (declared, sizeGiB, because) => {
    expect(chooseRunner({ declared }, sizeGiB, undefined)).toEqual({ runner: declared, because });
  });

  it.each([
    ["at both limits of a function", 20, 8, "lambda"],
    ["larger than a function takes", 20.1, 3, "fargate"],
    ["longer than a function may be sure of", 3, 8.1, "fargate"],
  ] as const)("is by the last run, which was %s, whatever was declared", (_, gibibytes, minutes, runner) => {
    for (const declared of ["lambda", "fargate"] as const) expect(chooseRunner({ declared }, 4, measured(gibibytes, minutes)).runner).toBe(runner);
  });

  it.each([
    ["half of what a function takes", 10, 4, "lambda"],
    ["a little larger than that", 10.1, 4, "fargate"],
    ["a little longer than that", 10, 4.1, "fargate"],
  ] as const)("goes back from a task to a function at %s: not every other night", (_, gibibytes, minutes, runner) => {
    expect(chooseRunner({ declared: "lambda" }, 4, measured(gibibytes, minutes, "fargate")).runner).toBe(runner);
  });

  it("is given a reason in words", () => {
    expect(chooseRunner({ declared: "lambda" }, 4, measured(3.14, 12)).because)
      .toBe("The last run, 20261122T020000Z, read 3.1 GiB in 12 minutes, more than the 20 GiB or 8 minutes of a function.");
    expect(chooseRunner({ declared: "lambda" }, 4, measured(3.14, 1, "fargate")).because)
      .toBe("The last run, 20261122T020000Z, read 3.1 GiB in 1.0 minutes, within the 10 GiB or 4 minutes with which a function gets it back from a task.");
  });
});

describe("the size to expect", () => {
  it("is the declared one, and no less than what the last run stored", () => {
    const stored = (gibibytes: number): BackupManifest => ({ object: { bytes: gibibytes * GIBIBYTE } }) as BackupManifest;
    expect([undefined, stored(3), stored(400)].map((last) => expectedGiB(12, last))).toEqual([12, 12, 400]);
  });
});
