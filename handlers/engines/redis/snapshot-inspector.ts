import { createHash } from "node:crypto";
import type { Contents } from "../../../practice/contract/manifest.ts";
import { HASHED_BY, KeyHashes } from "./key-hashes.ts";
import { SnapshotBytes } from "./snapshot-bytes.ts";
import { type SnapshotEnd, type SnapshotKey, walkSnapshot } from "./snapshot-walk.ts";

/** What a whole snapshot says of itself. */
export interface SnapshotContents extends SnapshotEnd, Pick<Contents, "counts" | "hashes" | "hashedBy"> {
  /** Absent where it was not Redis that wrote it. */
  readonly serverVersion?: string;
}

export interface Inspection {
  /** Default: true. Costs about a microsecond for each element. */
  readonly hashes?: boolean;
  /** Whether libraries of functions count. Default: true. */
  readonly libraries?: boolean;
  /** What is counted; a key may also be told as it was elsewhere. Default: all, as they are. */
  readonly asCounted?: (key: SnapshotKey) => SnapshotKey | undefined;
}

/** `db0`, as the server's own INFO says. */
export const databaseName = (number: number): string => `db${number}`;

/** Where libraries of functions are counted: they belong to no database. */
const FUNCTIONS = "functions";

/** Reads a snapshot while it passes by, and finds what redis-check-rdb would; holds no more of it than one element. */
export class SnapshotInspector {
  readonly #bytes = new SnapshotBytes();
  readonly #reading: Generator<void, SnapshotEnd, void>;
  readonly #counts = new Map<string, number>();
  readonly #hashes: KeyHashes | undefined;
  #serverVersion: string | undefined;
  #end: SnapshotEnd | undefined;

  constructor({ hashes = true, libraries = true, asCounted = (key) => key }: Inspection = {}) {
    this.#hashes = hashes ? new KeyHashes() : undefined;
    let endKey: (() => void) | undefined;
    this.#reading = walkSnapshot(this.#bytes, {
      about: (name, value) => {
        if (name === "redis-ver") this.#serverVersion = value;
      },
      library: (code) => {
        if (!libraries) return;
        this.#count(FUNCTIONS);
        this.#hashes?.add(FUNCTIONS, createHash("sha256").update(code).digest());
      },
      key: (came) => {
        const key = asCounted(came);
        if (key === undefined) return;
        const name = databaseName(key.database);
        this.#count(name);
        const sink = this.#hashes?.begin(name, key);
        endKey = sink?.end;
        return sink;
      },
      keyEnd: () => {
        endKey?.();
        endKey = undefined;
      },
    });
  }

  /** How many bytes of the chunk are the snapshot's. Throws as soon as it cannot be one any more. */
  write(chunk: Uint8Array): number {
    if (this.#end !== undefined || chunk.length === 0) return 0;
    const before = this.#bytes.position;
    this.#bytes.push(chunk);
    const { done, value } = this.#reading.next();
    this.#end = done === true ? value : undefined;
    // All of a chunk is read before the next one comes, so what came before it was read too.
    return done === true ? this.#bytes.position - before : chunk.length;
  }

  /** Throws unless the whole of the snapshot came. */
  end(): SnapshotContents {
    if (this.#end === undefined) {
      const { position } = this.#bytes;
      throw new Error(position === 0 ? "Expected a snapshot of Redis, nothing came." : `Expected a whole snapshot of Redis, it breaks off after ${position} bytes.`);
    }
    const names = [...this.#counts.keys()].toSorted();
    const counts = Object.fromEntries(names.map((name) => [name, this.#counts.get(name) ?? 0]));
    const version = this.#serverVersion === undefined ? {} : { serverVersion: this.#serverVersion };
    return { ...this.#end, ...version, counts, ...(this.#hashes === undefined ? {} : { hashes: this.#hashes.values, hashedBy: HASHED_BY }) };
  }

  #count(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }
}
