import type { Checksum } from "./checksum.ts";

/** Where a source may come from: each place has its own file and so its own checksum, of the same release. */
export type Place =
  | { readonly kind: "web"; readonly url: string; readonly sha256: Checksum }
  /** The source package of a Debian suite, from the mirror that this machine's own apt uses. */
  | { readonly kind: "debian"; readonly package: string; readonly suite: string; readonly sha256: Checksum };

export interface Source {
  readonly name: string;
  readonly version: string;
  /** SPDX identifier. */
  readonly licence: string;
  /** Tried in this order. */
  readonly places: readonly Place[];
}

/** The newest major dumps every older server that is still supported; an older client refuses a newer server. */
export const postgresql: Source = {
  name: "PostgreSQL",
  version: "18.6",
  licence: "PostgreSQL",
  places: [
    {
      kind: "web", url: "https://ftp.postgresql.org/pub/source/v18.6/postgresql-18.6.tar.bz2",
      sha256: "555610c24d53e4316da5b7d3fc25c279d96856d5e0e23ee308c328c5fa881d9f",
    },
    {
      kind: "debian", package: "postgresql-18", suite: "sid",
      sha256: "555610c24d53e4316da5b7d3fc25c279d96856d5e0e23ee308c328c5fa881d9f",
    },
  ],
};

/** From 7.4 on Redis is not under a BSD licence any more. Debian packs the same release anew, so its file has another sum. */
export const redis: Source = {
  name: "Redis",
  version: "7.0.15",
  licence: "BSD-3-Clause",
  places: [
    {
      kind: "web", url: "https://download.redis.io/releases/redis-7.0.15.tar.gz",
      sha256: "98066f5363504b26c34dd20fbcc3c957990d764cdf42576c836fc021073f4341",
    },
    {
      kind: "debian", package: "redis", suite: "bookworm",
      sha256: "4b1dc4ee6d622a09fff9c6777191209750fb5e5a725ef78ea012d6eef4c22982",
    },
  ],
};

/** What a Lambda of ours runs on: Amazon Linux 2023 has this glibc, and a program that wants a newer one does not start. */
export const NEWEST_GLIBC = "2.34";
