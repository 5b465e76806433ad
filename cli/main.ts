import { liveAt } from "./live.ts";
import { run } from "./run.ts";
import { tolerateClosedPipes, write } from "./standard-streams.ts";
import { pageFor } from "./terminal.ts";

/** As shells have it: 128 and the number of the signal. */
const INTERRUPTED = 130;

let react = (): void => process.exit(INTERRUPTED);
const interrupt = (): void => {
  const first = react;
  // Whoever asks twice does not want to wait until all is tidy.
  react = () => process.exit(INTERRUPTED);
  first();
};
process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
let tidied = false;
tolerateClosedPipes(process.stdout, process.stderr);

const { stdout, stderr, exitCode } = await run(process.argv.slice(2), {
  environment: process.env,
  now: new Date(),
  page: pageFor(process.stdout, process.env),
  live: liveAt(process, (tidy) => {
    react = () => {
      tidied = true;
      tidy();
    };
  }),
});
await write(process.stderr, stderr);
await write(process.stdout, stdout);
// Not left to end by itself: a program may have started a timer.
process.exit(tidied ? INTERRUPTED : exitCode);
