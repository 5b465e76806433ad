import { execFile } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { libraryFile, STATIC_LIBRARIES } from "./build-needs.ts";
import { type Checksum, checksumOf } from "./checksum.ts";
import { type Architecture, BIN, LICENCES, ownArchitecture, type ProgramName, PROGRAMS, VERSIONS_FILE } from "./contents.ts";
import { NEWEST_GLIBC } from "./sources.ts";

/** What a program was built from. */
export interface Origin {
  readonly name: string;
  readonly version: string;
  /** SPDX identifier. */
  readonly licence: string;
  /** The pinned sums of the release's files, whichever was fetched; absent for a Go module, whose sums are in go.sum. */
  readonly sources?: readonly Checksum[];
}

interface ProgramRecord {
  readonly name: ProgramName;
  /** The first line that it answers to --version. */
  readonly says: string;
  readonly from: string;
  readonly bytes: number;
  readonly sha256: Checksum;
}

/** `share/upkeep-tools/versions.json` of a layer. */
export interface Versions {
  readonly format: 1;
  readonly architecture: Architecture;
  /** No program needs a newer one. */
  readonly glibc: string;
  /** Versions of the RDB format that redis-check-rdb reads. */
  readonly rdb: { readonly oldest: 1; readonly newest: number };
  readonly programs: readonly ProgramRecord[];
  readonly origins: readonly Origin[];
  /** Libraries inside the programs: the machine's own, so their sums are part of the input. */
  readonly linked: readonly { readonly name: string; readonly file: string; readonly version: string; readonly licence: string; readonly sha256: Checksum }[];
  readonly compilers: readonly string[];
  readonly licences: string;
}

const execute = promisify(execFile);
const ANSWER_LIMIT_MILLISECONDS = 20_000;

const firstLine = async (program: string, ...args: readonly string[]): Promise<string> =>
  (await execute(program, [...args], { timeout: ANSWER_LIMIT_MILLISECONDS })).stdout.split("\n")[0]?.trim() ?? "";

const makers: Readonly<Record<ProgramName, string>> = {
  mongodump: "mongo-tools", mongorestore: "mongo-tools", pg_dump: "PostgreSQL", pg_restore: "PostgreSQL", psql: "PostgreSQL",
  "redis-check-rdb": "Redis", "redis-cli": "Redis",
};

/** Asks every program that was built, so that one which does not start is found here and not at night. */
export async function versionsOf(root: string, origins: readonly Origin[], newestRdb: number, go: string): Promise<Versions> {
  const programs = await Promise.all(PROGRAMS.map(async (name): Promise<ProgramRecord> => {
    const file = join(root, BIN, name);
    return { name, says: await firstLine(file, "--version"), from: makers[name], bytes: statSync(file).size, sha256: await checksumOf(file) };
  }));
  return {
    format: 1,
    architecture: ownArchitecture(),
    glibc: NEWEST_GLIBC,
    rdb: { oldest: 1, newest: newestRdb },
    programs,
    origins,
    linked: await Promise.all(STATIC_LIBRARIES.map(linkedLibrary)),
    compilers: [await firstLine("cc", "--version"), await firstLine(go, "version")],
    licences: LICENCES,
  };
}

async function linkedLibrary(library: (typeof STATIC_LIBRARIES)[number]): Promise<Versions["linked"][number]> {
  const file = await libraryFile(library.name);
  if (file === undefined) throw new Error(`Expected ${library.name}, which was linked a moment ago, found none: did something uninstall it?`);
  return { name: library.title, file: library.name, version: await headerVersion(library), licence: library.licence, sha256: await checksumOf(file) };
}

async function headerVersion({ header, version }: (typeof STATIC_LIBRARIES)[number]): Promise<string> {
  const compiler = execute("cc", ["-E", "-P", "-"], { timeout: ANSWER_LIMIT_MILLISECONDS });
  compiler.child.stdin?.end(`#include <${header}>\n${version}\n`);
  return ((await compiler).stdout.trimEnd().split("\n").at(-1) ?? "").replace(/[" ]/g, "");
}

export const readVersions = (root: string): Versions => JSON.parse(readFileSync(join(root, VERSIONS_FILE), "utf8")) as Versions;
