/** Collects what went wrong with one part of a job while the others go on; nothing collected is ever dropped. */
export class Problems {
  readonly #found: Error[] = [];

  /** Runs one part. Undefined when it failed. */
  async during<Result>(about: string, part: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await part();
    } catch (error) {
      this.add(about, error instanceof Error ? error : new Error(String(error)));
      return undefined;
    }
  }

  add(about: string, cause: Error): void {
    this.#found.push(new Error(`${about}: ${cause.message}`, { cause }));
  }

  /** Throws one error that holds all that were collected. */
  throwAny(): void {
    if (this.#found.length === 0) return;
    throw new AggregateError(this.#found, this.#found.map(({ message }) => message).join("\n"));
  }
}
