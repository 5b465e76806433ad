import { existsSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { type BuiltFile, writeChanged } from "./output.ts";
import { common } from "./settings.ts";

/** The pack for Pulumi, which takes 12 s to start from TypeScript, and its list of rules for the preview. */
export async function buildPolicies(root: string): Promise<readonly BuiltFile[]> {
  const entryPoints = ["index.ts", "rules.ts"].map((name) => join(root, "policies", name));
  if (!entryPoints.every(existsSync)) return [];
  const { outputFiles } = await build({
    ...common,
    entryPoints,
    outdir: join(root, "policies", "dist"),
    outExtension: { ".js": ".cjs" },
    format: "cjs",
    // A second copy of the SDK would not recognise the first one's resources.
    external: ["@pulumi/*"],
  });
  return writeChanged(outputFiles);
}
