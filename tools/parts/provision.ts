import { findPart, isSkipped } from "./all.ts";
import type { Part } from "./part.ts";

export interface Outcome {
  readonly part: Part;
  /** Why it is still missing; absent when the part is ready. */
  readonly problem?: string;
}

/** A person starts to wonder after two seconds; every ten are enough from then on. */
const FIRST_SIGN_MILLISECONDS = 2_000;
const NEXT_SIGNS_MILLISECONDS = 10_000;

/** Makes a part ready. A part that cannot be had is an outcome, not an exception: the others are still wanted. */
export async function provision(part: Part, say: (line: string) => void): Promise<Outcome> {
  const before = findPart(part);
  if (before.state === "ready") return { part };
  if (isSkipped(part)) return { part, problem: before.why };
  const started = Date.now();
  const signs = showSigns(part, started, say);
  try {
    await part.provide(signs.step);
    const after = findPart(part);
    if (after.state === "missing") return { part, problem: `${after.why}: ${after.wayOut}` };
    say(`${part.name}: ready after ${seconds(started)} s`);
    return { part };
  } catch (error) {
    return { part, problem: (error as Error).message };
  } finally {
    signs.end();
  }
}

function showSigns(part: Part, started: number, say: (line: string) => void): { step: (line: string) => void; end: () => void } {
  let latest = "starting";
  const sign = (): void => say(`${part.name}: ${seconds(started)} s, ${latest}`);
  let repeated: NodeJS.Timeout | undefined;
  const first = setTimeout(() => {
    sign();
    repeated = setInterval(sign, NEXT_SIGNS_MILLISECONDS);
  }, FIRST_SIGN_MILLISECONDS);
  return {
    step: (line) => {
      latest = line.trim() || latest;
    },
    end: () => {
      clearTimeout(first);
      clearInterval(repeated);
    },
  };
}

const seconds = (since: number): number => Math.round((Date.now() - since) / 1000);
