import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { noticesOf } from "./notices.ts";
import { type BuiltFile, writeChanged } from "./output.ts";
import { common } from "./settings.ts";

/**
 * The commands with all that they need inside, pruned to what they use: a preview would otherwise find and link hundreds of
 * small files, which takes longer than all it has to say. What only some commands need is a part of its own, loaded with them.
 */
export async function buildCli(root: string): Promise<readonly BuiltFile[]> {
  const entry = join(root, "cli", "main.ts");
  if (!existsSync(entry)) return [];
  const folder = join(root, "cli", "dist");
  const { outputFiles, metafile } = await build({
    ...common,
    absWorkingDir: root,
    entryPoints: [entry],
    outdir: folder,
    format: "esm",
    splitting: true,
    external: OUTSIDE,
    mainFields: ["module", "main"],
    // Stack traces keep their names; of the SDK more than half is words for people.
    minify: true,
    keepNames: true,
    // Packages inside that are CommonJS ask for Node's own modules so.
    banner: { js: 'import{createRequire as upkeepRequire}from"node:module";const require=upkeepRequire(import.meta.url);' },
  });
  const built = writeChanged([...outputFiles, noticesOf([metafile], root, folder)]);
  removeOthers(folder, built);
  return built;
}

/** There must be one Pulumi SDK, that of the program. The bundler brings a binary and finds it by its own place. */
const OUTSIDE = ["@pulumi/*", "esbuild"];

/** Parts are named by their content: those of the build before would stay for ever. */
function removeOthers(folder: string, built: readonly BuiltFile[]): void {
  const current = new Set(built.map(({ path }) => path));
  for (const path of readdirSync(folder).map((name) => join(folder, name))) if (!current.has(path)) rmSync(path);
}
