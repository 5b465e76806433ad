/**
 * Runs `work` while what is written to standard output goes to standard error: a program may print, and the document
 * must still be all that standard output holds.
 */
export async function withOutputAside<Result>(work: () => Promise<Result>): Promise<Result> {
  const { stdout, stderr } = process;
  const write = stdout.write;
  stdout.write = stderr.write.bind(stderr);
  try {
    return await work();
  } finally {
    stdout.write = write;
  }
}
