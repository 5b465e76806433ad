import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/**
 * Below the ports that systems hand out by themselves (from 32,768 on Linux, 49,152 elsewhere): one of those may be given to
 * somebody's outgoing connection between our question and the server's start.
 */
const RANGE = { from: 15_000, until: 32_000 } as const;
const ATTEMPTS = 50;

/** A loopback port that was free a moment ago, and that nobody gets who does not ask for it by number. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = randomInt(RANGE.from, RANGE.until);
    if (await isFree(port)) return port;
  }
  throw new Error(`Expected a free port between ${RANGE.from} and ${RANGE.until}, found none in ${ATTEMPTS} attempts: is the loopback interface up?`);
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
