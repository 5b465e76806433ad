import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where the recipes lie: this folder. */
export const recipes = dirname(fileURLToPath(import.meta.url));

/** Ignored by git. `UPKEEP_PARTS` shares one folder between several copies of the tree. */
const partsFolder = (): string => process.env.UPKEEP_PARTS ?? join(recipes, "..", "..", ".parts");

/**
 * The folder's name holds a hash of all that decides its content, so a changed recipe is a missing part
 * and no stale program is ever tested.
 */
export function folderOf(name: string, recipeFiles: readonly string[], steps: readonly string[]): string {
  const hash = createHash("sha256").update(JSON.stringify([process.platform, process.arch, ...steps]));
  for (const file of recipeFiles) hash.update(readFileSync(join(recipes, file)));
  return join(partsFolder(), `${name}-${hash.digest("hex").slice(0, 12)}`);
}

/** Fills a folder under a temporary name and renames it at the end: a killed build leaves nothing that looks finished. */
export async function fillFolder(folder: string, fill: (temporary: string) => Promise<void>): Promise<void> {
  mkdirSync(dirname(folder), { recursive: true });
  removeLeftovers(dirname(folder));
  const temporary = `${folder}.${process.pid}.partial`;
  mkdirSync(temporary);
  try {
    await fill(temporary);
    rmSync(folder, { recursive: true, force: true });
    renameSync(temporary, folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** A build that still runs in another process keeps its folder. */
function removeLeftovers(parent: string): void {
  for (const name of readdirSync(parent)) {
    const pid = /\.(\d+)\.partial$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(parent, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
