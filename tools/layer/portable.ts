import { readFileSync } from "node:fs";
import { elfNeeds } from "./elf.ts";
import { NEWEST_GLIBC } from "./sources.ts";

/** Parts of glibc itself: every Linux that has it has them. */
const GLIBC_LIBRARIES = /^(lib(c|m|pthread|dl|rt|resolv)\.so\.\d|ld-linux-.+\.so\.\d)$/;

/** Why the program would not start in Lambda; absent when it would. */
export function portabilityProblem(file: string, name: string, newest = NEWEST_GLIBC): string | undefined {
  const { libraries, versions } = elfNeeds(readFileSync(file), name);
  const strange = libraries.filter((library) => !GLIBC_LIBRARIES.test(library));
  if (strange.length > 0) {
    return `Expected ${name} to need no shared library but glibc's, it needs ${strange.join(", ")}: was its static library there when it was built?`;
  }
  const tooNew = [...new Set(versions)].filter((version) => isAbove(version, newest));
  if (tooNew.length === 0) return undefined;
  return `Expected ${name} to need no symbol above GLIBC_${newest}, which Amazon Linux 2023 has, it needs ${tooNew.join(", ")}: `
    + "build it where glibc is older (Debian 12, Ubuntu 22.04), or take one that was built there: `npm run tools -- --from <file or url>`.";
}

function isAbove(version: string, newest: string): boolean {
  const found = /^GLIBC_(\d+(?:\.\d+)*)$/.exec(version)?.[1];
  // GLIBC_PRIVATE and GLIBC_ABI_* are promises to nobody, or newer than all that we know.
  if (found === undefined) return version.startsWith("GLIBC_");
  const [major = 0, minor = 0] = found.split(".").map(Number);
  const [limitMajor = 0, limitMinor = 0] = newest.split(".").map(Number);
  return major > limitMajor || (major === limitMajor && minor > limitMinor);
}
