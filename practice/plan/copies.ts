import type { BucketFiles } from "../config/settings.ts";
import { copyLimits } from "../contract/inventory.ts";
import { lambdaLimits } from "../contract/runner.ts";
import { LONGEST_FUNCTION_RUN_SECONDS } from "./functions.ts";

/** What a person did not choose, the size does: one file is easier to hand on, and above its limit there is none. */
export const formOf = ({ as, sizeGiB }: Pick<BucketFiles, "as" | "sizeGiB">): "archive" | "copies" =>
  as ?? (sizeGiB <= lambdaLimits.rawGiB ? "archive" : "copies");

/** AWS publishes no number; this asks of each of the eight functions that copy no more than 20 MiB/s. Only a first run copies everything. */
const COPIED_GIB_PER_HOUR = 500;

/** From the start of a run by copies to the end of its last attempt: the list, the copies, the manifest. */
export const longestCopiesSeconds = (sizeGiB: number): number =>
  2 * LONGEST_FUNCTION_RUN_SECONDS + Math.min(copyLimits.runHours, Math.ceil(sizeGiB / COPIED_GIB_PER_HOUR)) * 3600;
