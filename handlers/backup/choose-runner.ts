import type { BackupManifest } from "../../practice/contract/manifest.ts";
import { lambdaLimits, type PlanRequest, type RunnerChoice } from "../../practice/contract/runner.ts";

const GIBIBYTE = 1024 ** 3;
const MINUTE_MILLISECONDS = 60_000;

/** Of the limits, for what a task made: it would come back the next night if a function's last tenth decided. */
const BACK_BELOW = 0.5;

/**
 * Where the next run shall be: by what the last one measured, and before the first by what was declared.
 *
 * @param sizeGiB Declared.
 */
export function chooseRunner({ declared }: Pick<PlanRequest, "declared">, sizeGiB: number, last: BackupManifest | undefined): RunnerChoice {
  const { rawGiB, minutes } = lambdaLimits;
  if (last === undefined) {
    const than = declared === "fargate" ? "more than" : "within";
    return { runner: declared, because: `No run was measured yet, and the declared ${sizeGiB} GiB are ${than} the ${rawGiB} GiB of a function.` };
  }
  const share = last.runner === "fargate" ? BACK_BELOW : 1;
  const most = { gibibytes: rawGiB * share, minutes: minutes * share };
  const measured = { gibibytes: last.dumpBytes / GIBIBYTE, minutes: last.durationMilliseconds / MINUTE_MILLISECONDS };
  const fits = measured.gibibytes <= most.gibibytes && measured.minutes <= most.minutes;
  return {
    runner: fits ? "lambda" : "fargate",
    because: `The last run, ${last.runId}, read ${rounded(measured.gibibytes)} GiB in ${rounded(measured.minutes)} minutes, ${fits ? "within" : "more than"} `
      + `the ${most.gibibytes} GiB or ${most.minutes} minutes ${share === 1 ? "of a function" : "with which a function gets it back from a task"}.`,
  };
}

const rounded = (number: number): string => number.toFixed(number < 10 ? 1 : 0);
