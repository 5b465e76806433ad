import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { type BuiltFile, writeChanged } from "./output.ts";
import { common } from "./settings.ts";

/** The commands with the practice and the preview inside; packages stay outside. What a command needs is loaded with it: help needs nothing. */
export async function buildCli(root: string): Promise<readonly BuiltFile[]> {
  const entry = join(root, "cli", "main.ts");
  if (!existsSync(entry)) return [];
  const folder = join(root, "cli", "dist");
  const { outputFiles } = await build({
    ...common,
    entryPoints: [entry],
    outdir: folder,
    format: "esm",
    splitting: true,
    packages: "external",
  });
  const built = writeChanged(outputFiles);
  removeOthers(folder, built);
  return built;
}

/** Parts are named by their content: those of the build before would stay for ever. */
function removeOthers(folder: string, built: readonly BuiltFile[]): void {
  const current = new Set(built.map(({ path }) => path));
  for (const path of readdirSync(folder).map((name) => join(folder, name))) if (!current.has(path)) rmSync(path);
}
