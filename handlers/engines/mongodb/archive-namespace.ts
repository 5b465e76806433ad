import { type Crc64, crc64Xz, RunningCrc64 } from "../crc64.ts";
import { DocumentsHash } from "./documents-hash.ts";

/** Stands where the length of a document would, and closes the prelude and each block. */
export const TERMINATOR = 0xffffffff;

/** MongoDB's limit of a document, 16 MiB, and the 16 KiB that the server itself may add. */
const LONGEST_DOCUMENT = 16 * 1024 * 1024 + 16 * 1024;

/** Bytes of the length that a document begins with. */
const LENGTH_BYTES = 4;

/** What has passed by of one collection's documents. */
export class ArchiveNamespace {
  readonly name: string;
  documents = 0;
  isComplete = false;
  readonly #crc = new RunningCrc64(crc64Xz);
  readonly #hash: DocumentsHash | undefined;
  /** Bytes of the current document that are still to come. */
  #left = 0;

  constructor(name: string, withHash: boolean) {
    this.name = name;
    this.#hash = withHash ? new DocumentsHash() : undefined;
  }

  /** Whether a document has begun and not ended. */
  get isInside(): boolean {
    return this.#left > 0;
  }

  get hash(): string | undefined {
    return this.#hash?.value;
  }

  /** Takes the documents that lie whole in the bytes; gives how many bytes they are. */
  passWhole(bytes: Buffer): number {
    let end = 0;
    while (end + LENGTH_BYTES <= bytes.length) {
      const length = bytes.readUInt32LE(end);
      if (length === TERMINATOR) break;
      expectLength("documents", length);
      if (end + length > bytes.length) break;
      const document = bytes.subarray(end, end + length);
      expectEnd(document);
      this.#hash?.add(document);
      this.documents += 1;
      end += length;
    }
    this.#crc.update(bytes.subarray(0, end));
    return end;
  }

  /** Begins a document of which the length alone has come. */
  begin(length: Buffer): void {
    this.#left = length.readUInt32LE(0) - LENGTH_BYTES;
    this.documents += 1;
    this.#crc.update(length);
    this.#hash?.addPiece(length, false);
  }

  /** Takes what belongs to the document that has begun; gives how many bytes it is. */
  passRest(bytes: Uint8Array): number {
    const piece = bytes.subarray(0, this.#left);
    this.#left -= piece.length;
    if (this.#left === 0) expectEnd(piece);
    this.#crc.update(piece);
    this.#hash?.addPiece(piece, this.#left === 0);
    return piece.length;
  }

  /** Throws unless the documents have the checksum that the archive gives at their end. */
  complete(said: unknown): void {
    const { high, low } = this.#crc.value;
    if (!isCrc(said) || said.high !== high || said.low !== low) {
      throw new Error(`Expected the documents of ${this.name} to have the checksum that the archive gives, they have another: the archive is corrupt.`);
    }
    this.isComplete = true;
  }
}

export function expectLength(what: string, length: number): void {
  if (length < 5 || length > LONGEST_DOCUMENT) throw new Error(`Expected ${what} in the archive, a document of ${length} bytes came: the archive is corrupt.`);
}

function expectEnd(piece: Uint8Array): void {
  if (piece.at(-1) !== 0) throw new Error("Expected a document of the archive to end in a zero byte, it does not: the archive is corrupt.");
}

const isCrc = (value: unknown): value is Crc64 => typeof value === "object" && value !== null && "high" in value && "low" in value;
