import { isUtf8 } from "node:buffer";
import type { BigIntStats } from "node:fs";
import type { Headers } from "tar-stream";

/** The seconds and numbers of accounts that a header's own fields hold; others are told beside it, as POSIX says. */
const MOST_SECONDS = 2 ** 31 - 1;
const MOST_ACCOUNT = 0o777777;

const isText = (name: string): boolean => isUtf8(Buffer.from(name, "latin1"));

/** A name as the library writes it; of one that is no text, what only stands in its place. */
const written = (name: string): string => (isText(name) ? Buffer.from(name, "latin1").toString("utf8") : "name-is-no-text");

export interface HeaderOf {
  readonly name: string;
  readonly stats: BigIntStats;
  readonly type: "file" | "directory" | "symlink";
  readonly bytes?: number;
  /** What a link points to, in bytes. */
  readonly linkname?: string;
}

/** Owner, rights and time as the disk has them, so that what is unpacked is served as before. */
export function headerOf({ name, stats, type, bytes = 0, linkname }: HeaderOf): Headers {
  const seconds = Number(stats.mtimeNs / 1_000_000_000n);
  const [uid, gid] = [Number(stats.uid), Number(stats.gid)];
  const isWithin = seconds >= 0 && seconds <= MOST_SECONDS;
  const pax = {
    ...(isWithin ? {} : { mtime: String(seconds) }),
    ...(uid > MOST_ACCOUNT ? { uid: String(uid) } : {}),
    ...(gid > MOST_ACCOUNT ? { gid: String(gid) } : {}),
  };
  // A name that is no text stands before the header, and the library would repeat the one in its place beside it.
  const beside = Object.keys(pax).length > 0 && isText(name) && isText(linkname ?? "") ? { pax } : {};
  return {
    name: written(name), type, size: bytes, uid, gid,
    // With the kind of the file in it: of 0 the library makes a default.
    mode: Number(stats.mode),
    mtime: new Date(Math.min(Math.max(seconds, 0), MOST_SECONDS) * 1000),
    ...(linkname === undefined ? {} : { linkname: written(linkname) }),
    ...beside,
  };
}
