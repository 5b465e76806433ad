import { type Crc64, crc64Xz, RunningCrc64 } from "../crc64.ts";
import { readFlatDocument, textOf } from "./flat-bson.ts";

/** What a complete archive of mongodump says of itself. */
export interface ArchiveContents {
  readonly serverVersion: string;
  readonly toolVersion: string;
  /** Documents of each namespace; empty collections and views count 0. */
  readonly counts: Readonly<Record<string, number>>;
}

/** First four bytes of every archive. */
const MAGIC = 0x8199e26d;

/** Stands where the length of a document would, and closes the prelude and each block. */
const TERMINATOR = 0xffffffff;

/** MongoDB's limit of a document, 16 MiB, and the 16 KiB that the server itself may add. */
const LONGEST_DOCUMENT = 16 * 1024 * 1024 + 16 * 1024;

interface Namespace {
  readonly crc: RunningCrc64;
  documents: number;
  complete: boolean;
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
  /** Bytes of the current document that are still to come. */
  #left = 0;
  #lastByte = 0;
  #serverVersion = "";
  #toolVersion = "";
  #open: Namespace | undefined;
  readonly #announced: { readonly name: string; readonly alias: string }[] = [];
  readonly #namespaces = new Map<string, Namespace>();

  /** Throws as soon as the archive cannot be one any more. */
  write(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length;) {
      at += this.#left > 0 && this.#open !== undefined ? this.#passDocument(chunk.subarray(at)) : this.#collect(chunk.subarray(at));
    }
  }

  /** Throws unless everything that was announced came, whole. */
  end(): ArchiveContents {
    if (this.#expected !== "header" || this.#begun.length > 0) {
      throw new Error(`Expected a whole archive, it ends where ${this.#expected === "magic" ? "its first bytes" : `its ${this.#expected}`} should go on.`);
    }
    const complete = (name: string): boolean => this.#namespaces.get(name)?.complete === true;
    const missing = [
      ...this.#announced.filter(({ name, alias }) => !complete(name) && !complete(alias)).map(({ name }) => name),
      ...[...this.#namespaces.keys()].filter((name) => !complete(name)),
    ];
    if (missing.length > 0) throw new Error(`Expected every namespace of the archive to reach its end, these did not: ${[...new Set(missing)].join(", ")}.`);
    const counts = Object.fromEntries([...this.#namespaces].map(([name, { documents }]) => [name, documents]));
    return { serverVersion: this.#serverVersion, toolVersion: this.#toolVersion, counts };
  }

  #passDocument(bytes: Uint8Array): number {
    const part = bytes.subarray(0, this.#left);
    this.#open?.crc.update(part);
    this.#left -= part.length;
    this.#lastByte = part[part.length - 1] ?? this.#lastByte;
    if (this.#left === 0 && this.#lastByte !== 0) throw new Error("Expected a document of the archive to end in a zero byte, it does not: the archive is corrupt.");
    return part.length;
  }

  /** Gathers a length, then, for a header, the whole of it. */
  #collect(bytes: Uint8Array): number {
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
      if (length !== MAGIC) throw new Error("Expected the first bytes of a mongodump archive, other ones came.");
      this.#begun = Buffer.alloc(0);
      this.#expected = "head";
      return;
    }
    if (length === TERMINATOR) return this.#takeTerminator();
    if (this.#expected === "terminator" || length < 5 || length > LONGEST_DOCUMENT) {
      throw new Error(`Expected ${this.#expected} in the archive, a document of ${length} bytes came: the archive is corrupt.`);
    }
    if (this.#expected !== "documents" || this.#open === undefined) return; // A header: the rest of it is gathered too.
    this.#open.documents += 1;
    this.#open.crc.update(this.#begun);
    this.#begun = Buffer.alloc(0);
    this.#left = length - 4;
  }

  #takeTerminator(): void {
    if (this.#expected !== "prelude" && this.#expected !== "documents" && this.#expected !== "terminator") {
      throw new Error(`Expected ${this.#expected} in the archive, a terminator came: the archive is corrupt.`);
    }
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
      // Servers before 8.3 hold the data of a time series under another name than the one it is announced by.
      this.#announced.push({ name, alias: `${db}.system.buckets.${collection}` });
      return;
    }
    const namespace = this.#namespaces.get(name) ?? { crc: new RunningCrc64(crc64Xz), documents: 0, complete: false };
    if (namespace.complete) throw new Error(`Expected nothing after the end of ${name} in the archive, a block of it came.`);
    this.#namespaces.set(name, namespace);
    if (header["EOF"] !== true) {
      this.#open = namespace;
      this.#expected = "documents";
      return;
    }
    expectCrc(name, header["CRC"], namespace.crc.value);
    namespace.complete = true;
    this.#expected = "terminator";
  }
}

function expectCrc(name: string, said: unknown, { high, low }: Crc64): void {
  const same = typeof said === "object" && said !== null && "high" in said && "low" in said && said.high === high && said.low === low;
  if (!same) throw new Error(`Expected the documents of ${name} to have the checksum that the archive gives, they have another: the archive is corrupt.`);
}
