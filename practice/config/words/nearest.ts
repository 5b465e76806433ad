import { distance } from "fastest-levenshtein";

/** The known name that a person most likely meant; nothing when none is closer than half of it. */
export function nearestOf(name: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((candidate) => ({ candidate, edits: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .toSorted((left, right) => left.edits - right.edits);
  return best !== undefined && best.edits <= Math.max(1, Math.floor(best.candidate.length / 2)) ? best.candidate : undefined;
}
