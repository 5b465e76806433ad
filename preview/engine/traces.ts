let untraced = 0;
let before = 0;

/**
 * Runs `work` while errors record no stack: the SDK takes several for each resource, which is half of the time.
 * The setting is the process's, so overlapping runs share it.
 */
export async function withoutTraces<Result>(work: () => Promise<Result>): Promise<Result> {
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
