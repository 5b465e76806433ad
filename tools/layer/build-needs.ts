import { execFile } from "node:child_process";
import { isAbsolute } from "node:path";
import { promisify } from "node:util";
import { installPackages } from "../parts/debian-packages.ts";
import { mayInstall } from "../parts/may-install.ts";
import type { Progress } from "../parts/part.ts";
import { folderOnPath } from "../parts/programs-on-path.ts";

/** A compiler says in milliseconds where it has a library. */
const ANSWER_LIMIT_MILLISECONDS = 20_000;

export interface Need {
  /** A program on PATH, or a static library that the compiler finds. */
  readonly name: string;
  readonly debian: string;
  readonly fedora: string;
}

const PROGRAMS: readonly Need[] = [
  { name: "cc", debian: "gcc libc6-dev", fedora: "gcc" },
  { name: "make", debian: "make", fedora: "make" },
  { name: "strip", debian: "binutils", fedora: "binutils" },
  { name: "tar", debian: "tar", fedora: "tar" },
  { name: "bzip2", debian: "bzip2", fedora: "bzip2" },
  { name: "perl", debian: "perl", fedora: "perl" },
  { name: "flex", debian: "flex", fedora: "flex" },
  { name: "bison", debian: "bison", fedora: "bison" },
];

export interface StaticLibrary extends Need {
  readonly title: string;
  /** SPDX identifier. */
  readonly licence: string;
  readonly header: string;
  /** What the header calls its version: one macro, or three to be joined by dots. */
  readonly version: string;
  /** Where a distribution keeps the licence; the first that exists is taken. */
  readonly licenceFiles: readonly string[];
}

const licenceFiles = (debian: string, fedora: string): readonly string[] =>
  [`/usr/share/doc/${debian}/copyright`, `/usr/share/licenses/${fedora}/LICENSE`, `/usr/share/licenses/${fedora}/COPYING`, `/usr/share/licenses/${fedora}/LICENSE.txt`];

/** Linked into the programs: `name` is the file. TLS needs two of one package. */
export const STATIC_LIBRARIES: readonly StaticLibrary[] = [
  {
    title: "OpenSSL", name: "libssl.a", debian: "libssl-dev", fedora: "openssl-static", licence: "Apache-2.0",
    header: "openssl/opensslv.h", version: "OPENSSL_VERSION_STR", licenceFiles: licenceFiles("libssl-dev", "openssl-libs"),
  },
  {
    title: "OpenSSL", name: "libcrypto.a", debian: "libssl-dev", fedora: "openssl-static", licence: "Apache-2.0",
    header: "openssl/opensslv.h", version: "OPENSSL_VERSION_STR", licenceFiles: licenceFiles("libssl-dev", "openssl-libs"),
  },
  {
    title: "Zstandard", name: "libzstd.a", debian: "libzstd-dev", fedora: "libzstd-static", licence: "BSD-3-Clause",
    header: "zstd.h", version: "ZSTD_VERSION_STRING", licenceFiles: licenceFiles("libzstd-dev", "libzstd"),
  },
  {
    title: "LZ4", name: "liblz4.a", debian: "liblz4-dev", fedora: "lz4-static", licence: "BSD-2-Clause",
    header: "lz4.h", version: "LZ4_VERSION_MAJOR.LZ4_VERSION_MINOR.LZ4_VERSION_RELEASE", licenceFiles: licenceFiles("liblz4-dev", "lz4-libs"),
  },
  {
    title: "zlib", name: "libz.a", debian: "zlib1g-dev", fedora: "zlib-static", licence: "Zlib",
    header: "zlib.h", version: "ZLIB_VERSION", licenceFiles: licenceFiles("zlib1g-dev", "zlib"),
  },
];

const execute = promisify(execFile);

/** Absolute path of a static library, or nothing when the compiler knows none. */
export async function libraryFile(name: string): Promise<string | undefined> {
  const { stdout } = await execute("cc", [`-print-file-name=${name}`], { timeout: ANSWER_LIMIT_MILLISECONDS });
  const file = stdout.trim();
  return isAbsolute(file) ? file : undefined;
}

async function missingNeeds(): Promise<readonly Need[]> {
  const programs = PROGRAMS.filter(({ name }) => folderOnPath(name) === undefined);
  // Without a compiler nobody knows which libraries there are: then all of them are named at once.
  if (programs.some(({ name }) => name === "cc")) return [...programs, ...STATIC_LIBRARIES];
  const files = await Promise.all(STATIC_LIBRARIES.map(async (library) => ({ library, file: await libraryFile(library.name) })));
  return [...programs, ...files.filter(({ file }) => file === undefined).map(({ library }) => library)];
}

/** One sentence: what is missing, what to install, and the way out for who cannot. */
export function needsInWords(missing: readonly Need[]): { readonly expected: string; readonly wayOut: string; readonly debian: readonly string[] } {
  const packages = (of: "debian" | "fedora"): readonly string[] => [...new Set(missing.flatMap((need) => need[of].split(" ")))];
  return {
    expected: missing.map(({ name }) => name).join(", "),
    wayOut: `\`apt-get install ${packages("debian").join(" ")}\` on Debian, \`dnf install ${packages("fedora").join(" ")}\` on Fedora; `
      + "or take a layer that was built elsewhere: `npm run tools -- --from <file or url> --sha256 <checksum>`",
    debian: packages("debian"),
  };
}

/** Compilers and static libraries are there afterwards, or it throws with what to install. */
export async function needCompilers(progress: Progress): Promise<void> {
  if (process.platform !== "linux") {
    throw new Error(`Expected Linux, where the programs will run, got ${process.platform}: take a layer that was built there: \`npm run tools -- --from <file or url> --sha256 <checksum>\`.`);
  }
  const missing = await missingNeeds();
  if (missing.length === 0) return;
  const { expected, wayOut, debian } = needsInWords(missing);
  if (mayInstall()) progress(`installing ${debian.join(" ")}`);
  await installPackages(debian, expected, wayOut, progress);
}
