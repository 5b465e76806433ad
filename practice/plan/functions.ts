import type { FunctionShape } from "./entries.ts";

/** A quarter can be read back; the guides ask for a month. CloudWatch takes only certain numbers, 90 is one. */
export const LOG_DAYS = 90;

/** A whole processor comes with 1,769 MB; two let the dump program and the compressor work side by side. */
const DUMP_MEGABYTES = { small: 1769, large: 3538 } as const;

/** Up to here one processor finishes with time to spare (80 to 160 MiB/s were measured, halved for the network). */
const SMALL_UP_TO_GIB = 5;

/** Lambda ends every function after 15 minutes. */
const DUMP_TIMEOUT_SECONDS = 900;

/** A dump that failed, because a server restarted or a network blinked, is taken once more this much later. */
export const RETRY_AFTER_SECONDS = 600;

/** Of a run in a function: from its start to the end of its second attempt. */
export const LONGEST_FUNCTION_RUN_SECONDS = 2 * DUMP_TIMEOUT_SECONDS + RETRY_AFTER_SECONDS;

export const dumpFunction = (sizeGiB: number): FunctionShape => ({
  memoryMegabytes: sizeGiB <= SMALL_UP_TO_GIB ? DUMP_MEGABYTES.small : DUMP_MEGABYTES.large,
  timeoutSeconds: DUMP_TIMEOUT_SECONDS,
  logDays: LOG_DAYS,
});

/** Holds a million copies in memory, by their names, to see which of them are there: half a gigabyte. */
export const copiesFunction: FunctionShape = { memoryMegabytes: DUMP_MEGABYTES.large, timeoutSeconds: DUMP_TIMEOUT_SECONDS, logDays: LOG_DAYS };

/** Reads a whole dump through a decoder: a processor's work, as long as the dump was. */
export const checkFunction: FunctionShape = { memoryMegabytes: DUMP_MEGABYTES.small, timeoutSeconds: DUMP_TIMEOUT_SECONDS, logDays: LOG_DAYS };

/** Lists and reads small objects: seconds of work; five minutes are for a store that answers slowly. */
export const storeFunction: FunctionShape = { memoryMegabytes: 512, timeoutSeconds: 300, logDays: LOG_DAYS };
