import { createHash, type Hash } from "node:crypto";
import type { Contents } from "../../practice/contract/manifest.ts";

/** Counts and hashes lines part by part, while they are written or read. */
export class LineContents<Part extends string> {
  readonly #hashedBy: string;
  readonly #parts = new Map<Part, { count: number; readonly hash: Hash }>();

  /** @param hashedBy Names what the lines are: only hashes made alike can be compared. */
  constructor(hashedBy: string) {
    this.#hashedBy = hashedBy;
  }

  /** @param line Without its end. */
  add(part: Part, line: string): void {
    const known = this.#of(part);
    known.count += 1;
    known.hash.update(line).update("\n");
  }

  /** Counts a part too that may have no line. */
  expect(part: Part): void {
    this.#of(part);
  }

  countOf(part: Part): number {
    return this.#parts.get(part)?.count ?? 0;
  }

  /** Call it once, at the end. */
  contents(): Required<Pick<Contents, "counts" | "hashes" | "hashedBy">> {
    const parts = [...this.#parts];
    return {
      counts: Object.fromEntries(parts.map(([part, { count }]) => [part, count])),
      hashes: Object.fromEntries(parts.map(([part, { hash }]) => [part, hash.digest("hex")])),
      hashedBy: this.#hashedBy,
    };
  }

  #of(part: Part): { count: number; readonly hash: Hash } {
    const known = this.#parts.get(part) ?? { count: 0, hash: createHash("sha256") };
    this.#parts.set(part, known);
    return known;
  }
}
