import { existsSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { type BuiltFile, writeChanged } from "./output.ts";
import { common } from "./settings.ts";

/** The command with the practice and the preview inside, one file to load; packages stay outside. */
export async function buildCli(root: string): Promise<readonly BuiltFile[]> {
  const entry = join(root, "cli", "main.ts");
  if (!existsSync(entry)) return [];
  const { outputFiles } = await build({
    ...common,
    entryPoints: [entry],
    outfile: join(root, "cli", "dist", "main.js"),
    format: "esm",
    packages: "external",
  });
  return writeChanged(outputFiles);
}
