import { createHash, type Hash } from "node:crypto";
import type { Contents } from "../../../practice/contract/manifest.ts";
import type { ItemKind } from "./item.ts";

/** Changes when lines are hashed in another way: only hashes made alike can be compared. */
const HASHED_BY = "configuration-lines-1";

/** Counts and hashes lines kind by kind, while they are written or read. */
export class ItemContents {
  readonly #kinds = new Map<ItemKind, { count: number; readonly hash: Hash }>();

  /** @param line Without its end. */
  add(kind: ItemKind, line: string): void {
    const known = this.#kinds.get(kind) ?? { count: 0, hash: createHash("sha256") };
    known.count += 1;
    known.hash.update(line).update("\n");
    this.#kinds.set(kind, known);
  }

  /** Call it once, at the end. */
  contents(): Required<Pick<Contents, "counts" | "hashes" | "hashedBy">> {
    const kinds = [...this.#kinds];
    return {
      counts: Object.fromEntries(kinds.map(([kind, { count }]) => [kind, count])),
      hashes: Object.fromEntries(kinds.map(([kind, { hash }]) => [kind, hash.digest("hex")])),
      hashedBy: HASHED_BY,
    };
  }
}
