import { spawnSync } from "node:child_process";
import { cpSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const LIMIT_MILLISECONDS = 180_000;

/** Types for those who import the library. Slow (seconds), so only a package that is about to leave gets them. */
export function buildDeclarations(root: string): void {
  const types = join(root, "dist", "types");
  rmSync(types, { recursive: true, force: true });
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  const { status, stdout, error } = spawnSync(process.execPath, [
    compiler, "--project", join(root, "tools", "build", "tsconfig.declarations.json"), "--outDir", join(types, "esm"),
  ], { encoding: "utf8", timeout: LIMIT_MILLISECONDS });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`Expected the declarations of the library to compile, they do not:\n${stdout}`);
  // A declaration is of the kind that the nearest package.json says: who requires must not be told of an ES module.
  cpSync(join(types, "esm"), join(types, "cjs"), { recursive: true });
  writeFileSync(join(types, "cjs", "package.json"), `${JSON.stringify({ type: "commonjs" })}\n`);
}
