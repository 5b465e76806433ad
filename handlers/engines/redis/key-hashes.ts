import { createHash, type Hash } from "node:crypto";
import type { SnapshotKey } from "./snapshot-walk.ts";
import type { ValueSink } from "./value-sink.ts";

/** How hashes of a database's keys are made: raised when what goes into them changes. */
export const HASHED_BY = "redis-keys-1";

/** 256 bits in words of 32: sums say the same in whatever order their parts come. */
class HashSum {
  readonly #words = new Uint32Array(8);

  /** Of 32 bytes. */
  add(digest: Buffer): void {
    for (let index = 0; index < this.#words.length; index += 1) this.#words[index] = (this.#words[index] ?? 0) + digest.readUInt32LE(index * 4);
  }

  get bytes(): Buffer {
    return Buffer.from(this.#words.buffer);
  }
}

/** Hashes keys by name, time of expiry and what their values consist of, whatever form a server kept them in. */
export class KeyHashes {
  readonly #sums = new Map<string, HashSum>();

  /** Told the parts of the key's value; `end` adds it to the sum of that name. */
  begin(sum: string, key: SnapshotKey): ValueSink & { readonly end: () => void } {
    const hash = createHash("sha256");
    const members = new HashSum();
    takeUp(hash, key.name);
    takeUp(hash, Buffer.from(String(key.expiresAt ?? "stays")));
    return {
      kind: (name) => takeUp(hash, Buffer.from(name)),
      part: (bytes) => takeUp(hash, bytes),
      member: (name, value) => {
        const member = createHash("sha256");
        takeUp(member, name);
        if (value !== undefined) takeUp(member, value);
        members.add(member.digest());
      },
      end: () => {
        hash.update(members.bytes);
        this.add(sum, hash.digest());
      },
    };
  }

  add(sum: string, digest: Buffer): void {
    const found = this.#sums.get(sum) ?? new HashSum();
    this.#sums.set(sum, found);
    found.add(digest);
  }

  /** Hexadecimal, under the names of the sums. */
  get values(): Readonly<Record<string, string>> {
    const names = [...this.#sums.keys()].toSorted();
    return Object.fromEntries(names.map((name) => [name, this.#sums.get(name)?.bytes.toString("hex") ?? ""]));
  }
}

/** Of two parts of the same databases, under the names of both. */
export function addHashes(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const sums = new KeyHashes();
  for (const hashes of [one, other]) for (const [name, hash] of Object.entries(hashes)) sums.add(name, Buffer.from(hash, "hex"));
  return sums.values;
}

/** With its length before it: "ab" and "c" must not be "a" and "bc". */
function takeUp(hash: Hash, bytes: Uint8Array): void {
  const length = Buffer.allocUnsafe(4);
  length.writeUInt32LE(bytes.length);
  hash.update(length).update(bytes);
}
