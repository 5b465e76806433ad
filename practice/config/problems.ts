/** Something that a person has to change before the stack file can be used. */
export interface Problem extends Place {
  /** As the person wrote it: `upkeep:databases.catalogue.backup.keep`. */
  readonly path: string;
  /** What was expected, what came, and the way out. Never holds a secret. */
  readonly message: string;
}

/** One that the reader of the files met before anything was parsed. */
export interface KnownProblem extends Problem {
  /** The path that was meant. That it is missing follows from this problem and is not told, too. */
  readonly meant?: string;
}

/** Where it stands. Absent where configuration came without a file. */
export interface Place {
  readonly file?: string;
  /** Both count from 1. */
  readonly line?: number;
  readonly column?: number;
}

/** Finds a written path (`upkeep:system.name`) in the files that it came from. */
export type Locate = (path: string) => Place;

export const nowhere: Locate = () => ({});

/** Every problem at once: nobody mends one to meet the next. */
export class StackFileError extends Error {
  override readonly name: string = "StackFileError";
  /** By this mark Pulumi prints the message alone. */
  readonly __pulumiRunError = true;
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(`${problems.length === 1 ? "1 problem" : `${problems.length} problems`}, nothing was changed:\n${problems.map(describe).join("\n")}`);
    this.problems = problems;
    // The place that counts is in the stack file, and Pulumi colours a stack for half a minute.
    this.stack = this.message;
  }
}

function describe({ path, message, file, line, column }: Problem): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(":");
  return `\n${[place, path === file ? "" : path].filter((part) => part !== "").join("  ")}\n  ${message}`;
}

/** `a`, `b` and `c`. */
export const listed = (names: readonly string[], word: "and" | "or" = "and"): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} ${word} ${names.at(-1) ?? ""}`;

/** One sentence in the grammar of every message: what was expected, what came, the way out. */
export const sentence = (expected: string, got: string, wayOut: string): string =>
  `Expected ${expected}, got ${got}. ${wayOut.charAt(0).toUpperCase()}${wayOut.slice(1)}.`;
