import { createHash } from "node:crypto";
import type { Contents } from "../../../practice/contract/manifest.ts";
import { NotDecodable } from "../decode.ts";

/** What `hashes` holds: under each ref the object that it points to, which is itself a hash of all that is reached from it. */
const HASHED_BY = "git-object-ids-1";

/** A million refs. What has no end of its header until then is no bundle. */
const HEADER_LIMIT_BYTES = 128 * 1024 * 1024;

/** Bytes of the hash at a pack's end. */
const trailerBytes = { sha1: 20, sha256: 32 } as const;

const ref = /^(?<id>[0-9a-f]{40}|[0-9a-f]{64}) (?<name>\S+)$/;

const bad = (problem: string): NotDecodable => new NotDecodable(`Expected a whole git bundle, ${problem}.`);

/**
 * Reads a bundle as it passes by: the refs in its header, and the hash over its pack, which `git bundle verify` leaves
 * out. Needs no git, so a function can do it.
 */
export class BundleInspector {
  #header = Buffer.alloc(0);
  #pack: { readonly hash: ReturnType<typeof createHash>; readonly trailer: number; tail: Buffer; begun: boolean } | undefined;
  readonly #refs = new Map<string, string>();

  add(chunk: Uint8Array): void {
    if (this.#pack !== undefined) return this.#addToPack(chunk);
    const from = Math.max(0, this.#header.length - 1);
    this.#header = Buffer.concat([this.#header, chunk]);
    const end = this.#header.indexOf("\n\n", from);
    if (end < 0) {
      if (this.#header.length > HEADER_LIMIT_BYTES) throw bad("its header has no end");
      return;
    }
    const rest = this.#header.subarray(end + 2);
    const format = this.#readHeader(this.#header.toString("utf8", 0, end).split("\n"));
    this.#header = Buffer.alloc(0);
    this.#pack = { hash: createHash(format), trailer: trailerBytes[format], tail: Buffer.alloc(0), begun: false };
    this.#addToPack(rest);
  }

  /** Throws `NotDecodable` unless all of it has passed by. */
  end(): Contents {
    const pack = this.#pack;
    if (pack === undefined) throw bad("it ends within its header");
    if (!pack.begun || pack.tail.length !== pack.trailer) throw bad("it ends before its objects");
    if (!pack.hash.digest().equals(pack.tail)) throw bad("its objects are not those that their hash was made of: it is cut off or changed");
    return { counts: { refs: this.#refs.size }, hashes: Object.fromEntries(this.#refs), hashedBy: HASHED_BY };
  }

  #readHeader([first, ...lines]: readonly string[]): keyof typeof trailerBytes {
    if (first !== "# v2 git bundle" && first !== "# v3 git bundle") throw bad("it does not begin as one");
    for (const line of lines.filter((said) => !said.startsWith("@"))) {
      if (line.startsWith("-")) throw bad("it rests on commits that are not in it");
      const { id, name } = ref.exec(line)?.groups ?? {};
      if (id === undefined || name === undefined) throw bad("its header has a line that is no ref");
      this.#refs.set(name, id);
    }
    if (this.#refs.size === 0) throw bad("it has no ref");
    return lines.includes("@object-format=sha256") ? "sha256" : "sha1";
  }

  /** The last bytes are the hash of all before them; which ones are the last is known only at the end. */
  #addToPack(chunk: Uint8Array): void {
    const pack = this.#pack;
    if (pack === undefined || chunk.length === 0) return;
    const held = Buffer.concat([pack.tail, chunk]);
    const hashed = Math.max(0, held.length - pack.trailer);
    if (!pack.begun && hashed >= 4) {
      if (held.toString("latin1", 0, 4) !== "PACK") throw bad("no pack follows its header");
      pack.begun = true;
    }
    // A pack's first four bytes stay together until they were looked at.
    if (!pack.begun) {
      pack.tail = held;
      return;
    }
    pack.hash.update(held.subarray(0, hashed));
    pack.tail = Buffer.from(held.subarray(hashed));
  }
}
