import { accessSync, constants, existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** Where a program's bundle is kept: in the nearest `node_modules` that can be written, else in the user's cache. Created. */
export function cacheFolderFor(folder: string): string {
  const packages = nearestPackages(folder);
  if (packages !== undefined) {
    const path = join(packages, ".cache", "upkeep");
    try {
      mkdirSync(path, { recursive: true });
      accessSync(path, constants.W_OK);
      return path;
    } catch {
      // Read-only packages are common in containers. The user's cache is tried next, and fails loudly.
    }
  }
  const path = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "upkeep");
  mkdirSync(path, { recursive: true });
  return path;
}

function nearestPackages(folder: string): string | undefined {
  const here = join(folder, "node_modules");
  if (existsSync(here)) return here;
  const parent = dirname(folder);
  return parent === folder ? undefined : nearestPackages(parent);
}
