import { run } from "./run.ts";
import { tolerateClosedPipes, write } from "./standard-streams.ts";
import { pageFor } from "./terminal.ts";

/** As shells have it: 128 and the number of the signal. */
const INTERRUPTED = 130;

process.once("SIGINT", () => process.exit(INTERRUPTED));
tolerateClosedPipes(process.stdout, process.stderr);

const { stdout, stderr, exitCode } = await run(process.argv.slice(2), {
  environment: process.env,
  now: new Date(),
  page: pageFor(process.stdout, process.env),
});
await write(process.stderr, stderr);
await write(process.stdout, stdout);
// Not left to end by itself: a program may have started a timer.
process.exit(exitCode);
