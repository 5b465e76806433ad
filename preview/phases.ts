/** The parts of a preview, in their order. A command adds the first, the start of its process, and the last. */
export type Phase = "start" | "read" | "load" | "run" | "judge" | "render";

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
