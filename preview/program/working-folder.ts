let last: Promise<unknown> = Promise.resolve();

/**
 * Runs `work` with the process in `folder`, where Pulumi runs a program. A process has one working folder,
 * so work in another folder waits its turn.
 */
export function inFolder<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  const turn = last.then(async () => {
    const before = process.cwd();
    if (before === folder) return work();
    process.chdir(folder);
    try {
      return await work();
    } finally {
      process.chdir(before);
    }
  });
  last = turn.then(() => {}, () => {});
  return turn;
}
