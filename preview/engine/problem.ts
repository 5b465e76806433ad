/** Something that would have stopped the engine. */
export interface Problem {
  readonly message: string;
  readonly urn?: string;
  /** The program's source, when the problem has a place there. */
  readonly path?: string;
  readonly line?: number;
  readonly column?: number;
}
