import type { Sdk } from "./sdk.ts";

let untraced = 0;
let before = 0;

const quiet = new WeakSet<object>();

/**
 * Runs `work` while errors record no stack: the SDK takes several for each resource, which is more than half of the time.
 * The setting is the process's, so overlapping runs share it.
 */
export async function withoutTraces<Result>(sdk: Sdk, work: () => Promise<Result>): Promise<Result> {
  letTracesBeLeftOut(sdk);
  if (untraced === 0) {
    before = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
  }
  untraced += 1;
  try {
    return await work();
  } finally {
    untraced -= 1;
    if (untraced === 0) Error.stackTraceLimit = before;
  }
}

/** For the place of a resource the SDK lifts the limit itself, and would send the whole stack along. */
function letTracesBeLeftOut({ pulumi: { Resource } }: Sdk): void {
  if (quiet.has(Resource)) return;
  quiet.add(Resource);
  const original = Resource.stackTrace;
  if (original) Resource.stackTrace = (skip) => (untraced > 0 ? [] : original.call(Resource, skip));
}
