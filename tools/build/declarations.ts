import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

const LIMIT_MILLISECONDS = 180_000;

/** Types for those who import the library. Slow (seconds), so only a package that is about to leave gets them. */
export function buildDeclarations(root: string): void {
  const types = join(root, "dist", "types");
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  const { status, stdout, error } = spawnSync(process.execPath, [
    compiler, "--project", join(root, "tools", "build", "tsconfig.declarations.json"), "--outDir", types,
  ], { encoding: "utf8", timeout: LIMIT_MILLISECONDS });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`Expected the declarations of the library to compile, they do not:\n${stdout}`);
  // The same declarations serve `import` and `require`; read as CommonJS, both may use them.
  writeFileSync(join(types, "package.json"), `${JSON.stringify({ type: "commonjs" })}\n`);
}
