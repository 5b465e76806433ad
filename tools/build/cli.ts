import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { type BuiltFile, writeChanged } from "./output.ts";
import { common } from "./settings.ts";

/**
 * The commands with the practice and the preview inside; packages that are installed with us stay outside. The AWS SDK is
 * not: only `doctor` uses it, so it is a part of its own, pruned to the calls that it makes, loaded with that command.
 */
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
    external: outside(root),
    mainFields: ["module", "main"],
    // Stack traces keep their names; of the SDK more than half is words for people.
    minify: true,
    keepNames: true,
    // Packages inside that are CommonJS ask for Node's own modules so.
    banner: { js: 'import{createRequire as upkeepRequire}from"node:module";const require=upkeepRequire(import.meta.url);' },
  });
  const built = writeChanged(outputFiles);
  removeOthers(folder, built);
  return built;
}

/** What whoever installs us has: our dependencies, and the Pulumi packages of his own. */
function outside(root: string): string[] {
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Readonly<Record<string, Readonly<Record<string, string>>>>;
  return Object.keys({ ...dependencies, ...peerDependencies }).flatMap((name) => [name, `${name}/*`]);
}

/** Parts are named by their content: those of the build before would stay for ever. */
function removeOthers(folder: string, built: readonly BuiltFile[]): void {
  const current = new Set(built.map(({ path }) => path));
  for (const path of readdirSync(folder).map((name) => join(folder, name))) if (!current.has(path)) rmSync(path);
}
