import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder that only we can look into, for what a program must be told and nobody else. */
export interface PrivateFolder {
  readonly path: string;
  /** Writes a file that only we can read, and gives its path. */
  readonly write: (name: string, text: string) => Promise<string>;
  readonly remove: () => Promise<void>;
}

const OWNER_READS_AND_WRITES = 0o600;

export async function makePrivateFolder(): Promise<PrivateFolder> {
  // mkdtemp makes folders with mode 0700.
  const path = await mkdtemp(join(tmpdir(), "upkeep-"));
  return {
    path,
    write: async (name, text) => {
      const file = join(path, name);
      await writeFile(file, text, { mode: OWNER_READS_AND_WRITES, flag: "wx" });
      return file;
    },
    remove: () => rm(path, { recursive: true, force: true }),
  };
}
