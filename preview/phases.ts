/** The parts of a preview, in their order. */
export type Phase = "read" | "load" | "run" | "judge";

/** Milliseconds that each part took. A part that was not reached is absent. */
export type Phases = Readonly<Partial<Record<Phase, number>>>;

export class Stopwatch {
  readonly #taken: Partial<Record<Phase, number>> = {};

  async time<Result>(phase: Phase, work: () => Result | Promise<Result>): Promise<Result> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.#taken[phase] = (this.#taken[phase] ?? 0) + performance.now() - start;
    }
  }

  get phases(): Phases {
    return { ...this.#taken };
  }
}
