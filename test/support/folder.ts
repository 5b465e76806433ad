import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** A copy of a fixture project that a test may change, beside the repository's packages. Gone when the test is. */
export function projectCopy(fixture: string): string {
  const folder = mkdtempSync(join(repository, "node_modules", ".fixture-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(join(repository, "test", "preview", "fixtures", fixture), folder, { recursive: true });
  // Its own, for its cache; packages are found in the repository's, around it.
  mkdirSync(join(folder, "node_modules"));
  return folder;
}
