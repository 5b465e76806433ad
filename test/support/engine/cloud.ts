import { createHash } from "node:crypto";
import { arnOf } from "./arns.ts";
import { schemaOf } from "./resource-schema.ts";
import type { Wire } from "./wire.ts";

export interface Thing {
  readonly type: string;
  readonly id: string;
  readonly properties: Wire;
}

/** Properties by which a cloud knows a thing: with another value it is another thing. */
export const identities: readonly string[] = ["name", "alarmName", "bucket", "namePrefix", "region"];

/** Where a provider does what the engine asks of it. */
export interface CloudOperations {
  readonly create: (type: string, label: string, inputs: Wire) => Thing | Promise<Thing>;
  readonly update: (type: string, id: string, inputs: Wire) => Thing | Promise<Thing>;
  readonly read: (type: string, id: string, properties: Wire) => Thing | undefined | Promise<Thing | undefined>;
  readonly delete: (type: string, id: string, properties: Wire) => void | Promise<void>;
}

/** What exists, whatever an engine believes: it survives the engine's death, and refuses a second thing of one name. */
export class Cloud implements CloudOperations {
  readonly #things = new Map<string, Thing>();
  #made = 0;

  create(type: string, label: string, inputs: Wire): Thing {
    const name = nameOf(type, inputs);
    if (name !== undefined && this.read(type, name, inputs)) throw new Error(`${type} ${name} already exists`);
    // A key has no name: asked twice, a cloud makes two.
    const id = name ?? `${label}-${hex(`${type} ${label} ${this.#made += 1}`, 8)}`;
    return this.#keep({ type, id, properties: { ...computedOf(type, id, inputs), ...inputs } });
  }

  update(type: string, id: string, inputs: Wire): Thing {
    this.#existing(type, id, inputs);
    return this.#keep({ type, id, properties: { ...computedOf(type, id, inputs), ...inputs } });
  }

  read(type: string, id: string, properties: Wire): Thing | undefined {
    return this.#things.get(keyOf(type, id, properties));
  }

  delete(type: string, id: string, properties: Wire): void {
    this.#existing(type, id, properties);
    this.#things.delete(keyOf(type, id, properties));
  }

  get things(): readonly Thing[] {
    return [...this.#things.values()];
  }

  #existing(type: string, id: string, properties: Wire): void {
    if (!this.read(type, id, properties)) throw new Error(`Expected ${type} ${id} to exist, it does not.`);
  }

  #keep(thing: Thing): Thing {
    this.#things.set(keyOf(thing.type, thing.id, thing.properties), thing);
    return thing;
  }
}

/** One name may be given once in each region. */
const keyOf = (type: string, id: string, { region }: Wire): string => `${type}::${typeof region === "string" ? region : "default"}::${id}`;

function nameOf(type: string, { name, alarmName, bucket }: Wire): string | undefined {
  const found = name ?? alarmName ?? (type === "aws:s3/bucket:Bucket" ? bucket : undefined);
  return typeof found === "string" ? found : undefined;
}

/** Values that only the provider knows, of the right shape where somebody reads it. */
function computedOf(type: string, id: string, inputs: Wire): Wire {
  const valueOf = (property: string): string => {
    if (property === "arn") return arnOf(type, id, inputs);
    return property === "hex" ? hex(id, 8) : `${property}-${id}`;
  };
  return Object.fromEntries((schemaOf(type)?.computed ?? []).map((property) => [property, valueOf(property)]));
}

const hex = (text: string, digits: number): string => createHash("sha256").update(text).digest("hex").slice(0, digits);
