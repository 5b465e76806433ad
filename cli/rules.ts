import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const compiledRules = join("policies", "dist", "rules.cjs");

/** The rules of the project, else those that come with this command: who imports the practice is judged by its pack. */
export function rulesFor(projectDir: string): string | undefined {
  const own = join(projectDir, compiledRules);
  return existsSync(own) ? own : besideCommand(dirname(fileURLToPath(import.meta.url)));
}

/** Folder of the pack by which an update is judged: the project's own, else the one whose rules judged here. */
export function packFor(projectDir: string): string | undefined {
  const rules = rulesFor(projectDir);
  const folders = [join(projectDir, "policies"), ...(rules === undefined ? [] : [dirname(dirname(rules))])];
  return folders.find((folder) => existsSync(join(folder, "PulumiPolicy.yaml")));
}

/** Looked for upwards: the command runs from its bundle, two folders below the package, or from source. */
function besideCommand(folder: string): string | undefined {
  const file = join(folder, compiledRules);
  if (existsSync(file)) return file;
  const parent = dirname(folder);
  return parent === folder ? undefined : besideCommand(parent);
}
