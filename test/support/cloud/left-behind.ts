import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder that takes the place of the system's own for temporary files, to see what is left in it and what still runs with it. */
export interface Scratch {
  readonly files: () => readonly string[];
  /** Commands of processes that were started with it. */
  readonly processes: () => readonly string[];
  readonly remove: () => void;
}

/** What compilers keep there on purpose, for the next run of a program. */
const compilerCache = /^(tsx|ts-node)-/;

const VARIABLE = "TMPDIR";

export function useScratch(): Scratch {
  const before = process.env[VARIABLE];
  const folder = mkdtempSync(join(tmpdir(), "upkeep-scratch-"));
  // As the system's own: PostgreSQL runs as somebody else, and takes its folder away itself.
  chmodSync(folder, 0o1777);
  process.env[VARIABLE] = folder;
  return {
    files: () => readdirSync(folder).filter((name) => !compilerCache.test(name)),
    processes: () => readdirSync("/proc").filter((name) => /^\d+$/.test(name)).flatMap((id) => (textOf(id, "environ").includes(folder) ? [textOf(id, "cmdline").replaceAll("\0", " ")] : [])),
    remove: () => {
      if (before === undefined) delete process.env[VARIABLE];
      else process.env[VARIABLE] = before;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function textOf(id: string, file: "environ" | "cmdline"): string {
  try {
    return readFileSync(`/proc/${id}/${file}`, "utf8");
  } catch (error) {
    // It ended a moment ago, or belongs to somebody else.
    if (error instanceof Error && "code" in error && ["ENOENT", "ESRCH", "EACCES"].includes(String(error.code))) return "";
    throw error;
  }
}
