import { createHash, type Hash, hash } from "node:crypto";

/** How the hashes are made; another way gets another name, so that two ways are never compared. */
export const HASHED_BY = "bson-documents-1";

/** The sum is kept in parts of 16 bits: a double stays exact for 2^37 documents of each. */
const PARTS = 8;
const PART_BITS = 16n;

/**
 * The sum, modulo 2^128, of the first 16 bytes (big-endian) of the SHA-256 of each document's raw BSON. It does not
 * depend on the order, which a server may change, and anyone can compute it again from the `.bson` files of mongodump.
 */
export class DocumentsHash {
  readonly #sums = new Float64Array(PARTS);
  #begun: Hash | undefined;

  add(document: Uint8Array): void {
    // As text: making a buffer for each digest would cost ten times what the digest does.
    this.#take(hash("sha256", document, "binary"));
  }

  /** A document that comes in pieces. */
  addPiece(piece: Uint8Array, isLast: boolean): void {
    this.#begun ??= createHash("sha256");
    this.#begun.update(piece);
    if (!isLast) return;
    this.#take(this.#begun.digest("binary"));
    this.#begun = undefined;
  }

  /** 32 hexadecimal digits. */
  get value(): string {
    const sum = this.#sums.reduce((total, part) => (total << PART_BITS) + BigInt(part), 0n);
    return BigInt.asUintN(PARTS * Number(PART_BITS), sum).toString(16).padStart(32, "0");
  }

  #take(digest: string): void {
    for (let part = 0; part < PARTS; part += 1) {
      this.#sums[part] = (this.#sums[part] ?? 0) + ((digest.charCodeAt(2 * part) << 8) | digest.charCodeAt(2 * part + 1));
    }
  }
}
