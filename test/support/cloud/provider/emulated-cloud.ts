import type { Cloud, CloudOperations, Thing } from "../../engine/cloud.ts";
import type { Wire } from "../../engine/wire.ts";
import { type AnyKind, type Kind, type Made, unmarked } from "./kind.ts";

/**
 * Does on the emulator what the engine asks for the types that it was taught, and keeps the others as state, by name:
 * a test must be able to say which were real.
 */
export class EmulatedCloud implements CloudOperations {
  readonly #kinds: Readonly<Record<string, AnyKind>>;
  readonly #kept: Cloud;
  readonly #real = new Map<string, Thing>();

  constructor(kinds: Readonly<Record<string, AnyKind>>, kept: Cloud) {
    this.#kinds = kinds;
    this.#kept = kept;
  }

  /** Types of things that exist on the emulator. */
  get real(): readonly string[] {
    return typesOf([...this.#real.values()]);
  }

  /** Types of things that only the state knows, those of other providers among them. */
  get stateOnly(): readonly string[] {
    return typesOf(this.#kept.things);
  }

  async create(type: string, label: string, inputs: Wire): Promise<Thing> {
    const kind = this.#kindOf(type);
    return kind ? this.#keep(type, inputs, await answered(kind.create(unmarked(inputs)))) : this.#kept.create(type, label, inputs);
  }

  async update(type: string, id: string, inputs: Wire): Promise<Thing> {
    const kind = this.#kindOf(type);
    if (!kind) return this.#kept.update(type, id, inputs);
    if (!kind.update) throw new Error(`Expected no change of ${type} ${id}: the emulated cloud was not taught one. Add \`update\` to its kind.`);
    return this.#keep(type, inputs, await answered(kind.update(id, unmarked(inputs))));
  }

  async read(type: string, id: string, properties: Wire): Promise<Thing | undefined> {
    const kind = this.#kindOf(type);
    if (!kind) return this.#kept.read(type, id, properties);
    try {
      await answered(kind.read(id, unmarked(properties)));
    } catch (error) {
      if (error instanceof Error && kind.absent.includes(error.name)) return undefined;
      throw error;
    }
    return this.#real.get(keyOf(type, id));
  }

  async delete(type: string, id: string, properties: Wire): Promise<void> {
    const kind = this.#kindOf(type);
    if (!kind) return this.#kept.delete(type, id, properties);
    await answered(kind.delete(id, unmarked(properties)));
    this.#real.delete(keyOf(type, id));
  }

  /** What comes over the wire was made by the type's own class, and checked. */
  #kindOf(type: string): Kind<unknown> | undefined {
    return this.#kinds[type] as Kind<unknown> | undefined;
  }

  #keep(type: string, inputs: Wire, { id, outputs }: Made): Thing {
    const thing = { type, id, properties: { ...outputs, ...inputs } };
    this.#real.set(keyOf(type, id), thing);
    return thing;
  }
}

/** How Node names the failure to reach a server that is gone. */
const gone: readonly string[] = ["ECONNREFUSED", "ECONNRESET", "EPIPE"];

async function answered<Answer>(asked: Promise<Answer>): Promise<Answer> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof Error) || !gone.includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    throw new Error("Expected the emulator of AWS to answer until Pulumi ends, it stopped before. Start both again; what it held is gone.", { cause: error });
  }
}

const keyOf = (type: string, id: string): string => `${type}::${id}`;

const typesOf = (things: readonly Thing[]): readonly string[] => [...new Set(things.map(({ type }) => type))].toSorted();
