/** Something that keeps the stack from being deployed as it is. */
export interface Problem {
  readonly message: string;
  /** The resource that it is about. */
  readonly urn?: string;
  /** What a person has to change: a path in the stack file, or a file of the program. */
  readonly path?: string;
  /** File in which that stands. */
  readonly file?: string;
  /** Both count from 1. */
  readonly line?: number;
  readonly column?: number;
}
