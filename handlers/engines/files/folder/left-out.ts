import { readableName } from "./readable-name.ts";

const kinds = ["special", "gone", "changed", "grown"] as const;
type Kind = (typeof kinds)[number];

/** What the archive does not show as the disk did, counted, with the first of each by its name. */
export class LeftOut {
  readonly #seen = new Map<Kind, { count: number; readonly first: string }>();

  see(kind: Kind, name: string): void {
    const seen = this.#seen.get(kind);
    if (seen === undefined) this.#seen.set(kind, { count: 1, first: readableName(name) });
    else seen.count += 1;
  }

  /** Sentences for the manifest, each with a space before it; empty when there is nothing to say. */
  get sentences(): string {
    return kinds.flatMap((kind) => {
      const seen = this.#seen.get(kind);
      return seen === undefined ? [] : [` ${words[kind](seen.count)}; the first: ${seen.first}.`];
    }).join("");
  }
}

const words: Readonly<Record<Kind, (count: number) => string>> = {
  special: (count) => `${count === 1 ? "1 socket, pipe or device is" : `${count} sockets, pipes or devices are`} left out`,
  gone: (count) => `${count === 1 ? "1 name was" : `${count} names were`} deleted before ${count === 1 ? "it" : "they"} could be read`,
  changed: (count) => `${count === 1 ? "1 file was" : `${count} files were`} written to while ${count === 1 ? "it was" : "they were"} read, and may hold the old and the new in part`,
  grown: (count) => `${count === 1 ? "1 file was" : `${count} files were`} added to while ${count === 1 ? "it was" : "they were"} read, and ${count === 1 ? "ends" : "end"} as when opened`,
};
