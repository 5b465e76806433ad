import type { Contents } from "../../../practice/contract/manifest.ts";
import type { Content } from "../dump.ts";
import { ArchiveNamespace, expectLength, TERMINATOR } from "./archive-namespace.ts";
import { definitionOf } from "./definition.ts";
import { HASHED_BY } from "./documents-hash.ts";
import { readFlatDocument, textOf } from "./flat-bson.ts";

/**
 * What a complete archive of mongodump says of itself. Empty collections and views count 0. Hashes are those of each
 * namespace's documents and, under its name with ` (indexes and options)`, of its definition.
 */
export interface ArchiveContents extends Pick<Contents, "counts" | "hashes" | "hashedBy"> {
  readonly serverVersion: string;
  readonly toolVersion: string;
}

export interface InspectorOptions {
  /** `off`: nothing is hashed, which saves half a microsecond for each document. Default: full. */
  readonly content?: Content;
  /** Told the names of all that the archive announces, before any document of it. What it throws, `write` throws. */
  readonly onPrelude?: (names: readonly string[]) => void;
}

/** First four bytes of every archive. */
const MAGIC = 0x8199e26d;

interface Announced {
  readonly name: string;
  /** Servers before 8.3 hold the data of a time series under another name than the one it is announced by. */
  readonly alias: string;
  readonly definition: string;
}

/** `head` and `prelude` come once; then blocks: a header, documents until a terminator; a last header says the end. */
type Expected = "magic" | "head" | "prelude" | "header" | "documents" | "terminator";

/**
 * Reads an archive while it passes by, in the form that mongodump has written since 3.2. mongorestore's dry run stops
 * after the prelude and takes a truncated archive for a good one; this does not.
 */
export class ArchiveInspector {
  #expected: Expected = "magic";
  /** The four bytes of a length, or a header, as far as they have come. */
  #begun: Buffer = Buffer.alloc(0);
  #serverVersion = "";
  #toolVersion = "";
  #open: ArchiveNamespace | undefined;
  readonly #announced: Announced[] = [];
  readonly #namespaces = new Map<string, ArchiveNamespace>();
  readonly #isHashing: boolean;
  readonly #onPrelude: (names: readonly string[]) => void;

  constructor({ content = "full", onPrelude = () => undefined }: InspectorOptions = {}) {
    this.#isHashing = content === "full";
    this.#onPrelude = onPrelude;
  }

  /** Throws as soon as the archive cannot be one any more. */
  write(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (let at = 0; at < bytes.length;) at += this.#pass(bytes.subarray(at));
  }

  /** Throws unless everything that was announced came, whole. */
  end(): ArchiveContents {
    if (this.#expected !== "header" || this.#begun.length > 0) {
      throw new Error(`Expected a whole archive, it ends where ${this.#expected === "magic" ? "its first bytes" : `its ${this.#expected}`} should go on.`);
    }
    const complete = (name: string): boolean => this.#namespaces.get(name)?.isComplete === true;
    const missing = [
      ...this.#announced.filter(({ name, alias }) => !complete(name) && !complete(alias)).map(({ name }) => name),
      ...[...this.#namespaces.keys()].filter((name) => !complete(name)),
    ];
    if (missing.length > 0) throw new Error(`Expected every namespace of the archive to reach its end, these did not: ${[...new Set(missing)].join(", ")}.`);
    const counts = Object.fromEntries([...this.#namespaces].map(([name, { documents }]) => [name, documents]));
    return { serverVersion: this.#serverVersion, toolVersion: this.#toolVersion, counts, ...this.#isHashing ? { hashes: this.#hashes(), hashedBy: HASHED_BY } : {} };
  }

  #hashes(): Readonly<Record<string, string>> {
    const documents = [...this.#namespaces].map(([name, { hash = "" }]) => [name, hash] as const);
    const definitions = this.#announced.map(({ name, definition }) => [`${name} (indexes and options)`, definition] as const);
    return Object.fromEntries([...documents, ...definitions]);
  }

  #pass(bytes: Buffer): number {
    if (this.#open?.isInside === true) return this.#open.passRest(bytes);
    const whole = this.#begun.length === 0 ? this.#open?.passWhole(bytes) ?? 0 : 0;
    return whole > 0 ? whole : this.#collect(bytes);
  }

  /** Gathers a length, then, for a header, the whole of it. */
  #collect(bytes: Buffer): number {
    const wanted = this.#begun.length < 4 ? 4 : this.#begun.readUInt32LE(0);
    const part = bytes.subarray(0, wanted - this.#begun.length);
    this.#begun = Buffer.concat([this.#begun, part]);
    if (this.#begun.length === wanted) {
      if (wanted > 4) this.#takeHeader();
      else this.#takeLength(this.#begun.readUInt32LE(0));
    }
    return part.length;
  }

  #takeLength(length: number): void {
    if (this.#expected === "magic") {
      if (length !== MAGIC) throw new Error(`Expected the first bytes of a mongodump archive, other ones came: ${this.#begun.toString("hex")}.`);
      this.#begun = Buffer.alloc(0);
      this.#expected = "head";
      return;
    }
    if (length === TERMINATOR) return this.#takeTerminator();
    if (this.#expected === "terminator") throw new Error(`Expected the end of a block in the archive, ${length} came: the archive is corrupt.`);
    expectLength(this.#expected, length);
    if (this.#open === undefined) return; // A header: the rest of it is gathered too.
    this.#open.begin(this.#begun);
    this.#begun = Buffer.alloc(0);
  }

  #takeTerminator(): void {
    if (this.#expected !== "prelude" && this.#expected !== "documents" && this.#expected !== "terminator") {
      throw new Error(`Expected ${this.#expected} in the archive, a terminator came: the archive is corrupt.`);
    }
    if (this.#expected === "prelude") this.#onPrelude(this.#announced.map(({ name }) => name));
    this.#begun = Buffer.alloc(0);
    this.#open = undefined;
    this.#expected = "header";
  }

  #takeHeader(): void {
    const header = readFlatDocument(this.#begun);
    this.#begun = Buffer.alloc(0);
    if (this.#expected === "head") {
      this.#serverVersion = textOf(header, "server_version");
      this.#toolVersion = textOf(header, "tool_version");
      this.#expected = "prelude";
      return;
    }
    const [db, collection] = [textOf(header, "db"), textOf(header, "collection")];
    const name = `${db}.${collection}`;
    if (this.#expected === "prelude") {
      const definition = this.#isHashing ? definitionOf(textOf(header, "metadata")) : "";
      this.#announced.push({ name, alias: `${db}.system.buckets.${collection}`, definition });
      return;
    }
    const namespace = this.#namespaces.get(name) ?? new ArchiveNamespace(name, this.#isHashing);
    if (namespace.isComplete) throw new Error(`Expected nothing after the end of ${name} in the archive, a block of it came.`);
    this.#namespaces.set(name, namespace);
    if (header["EOF"] !== true) {
      this.#open = namespace;
      this.#expected = "documents";
      return;
    }
    namespace.complete(header["CRC"]);
    this.#expected = "terminator";
  }
}
