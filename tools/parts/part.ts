export type PartName = "postgresql" | "redis" | "mongo-tools" | "tools" | "mongodb" | "mongo-java" | "s3" | "engine";

export type Found =
  | { readonly state: "ready"; readonly folder: string }
  | { readonly state: "missing"; readonly why: string; readonly wayOut: string };

/** A program from outside npm that tests run for real. */
export interface Part {
  readonly name: PartName;
  /** What it is and its pinned version, e.g. `FerretDB 1.24.2`. */
  readonly version: string;
  readonly neededBy: string;
  /** What nobody will have proven when it is missing. */
  readonly consequence: string;
  /** Looks at files, and asks a program at most for its version: every test file asks on its way in. */
  readonly find: () => Found;
  /** Gets the part when `find` says missing; throws with the way out when it cannot. */
  readonly provide: (progress: Progress) => Promise<void>;
}

/** One line for a person who waits. */
export type Progress = (line: string) => void;
