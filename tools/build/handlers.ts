import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { build, type BuildOptions, type Metafile } from "esbuild";
import { noticesOf } from "./notices.ts";
import { compiledOnDemand } from "./on-demand.ts";
import { type BuiltFile, writeChanged } from "./output.ts";
import { common } from "./settings.ts";

/** Packages in CommonJS ask for `require`, which an ES module does not have. The name is one that no package uses. */
const REQUIRE = `import { createRequire as upkeepRequire } from "node:module"; const require = upkeepRequire(import.meta.url);`;

/** One module with all that it imports. `seen`: see `compiledOnDemand`. */
export const bundleSettings = (seen: (part: Metafile) => void) => ({
  ...common,
  format: "esm",
  minify: true,
  // A stack in the log should name our functions.
  keepNames: true,
  mainFields: ["module", "main"],
  banner: { js: REQUIRE },
  plugins: [compiledOnDemand(seen)],
}) satisfies BuildOptions;

/** One module per handler, the SDK inside: pinned, and faster to load than the copy in Lambda's runtime. */
export async function buildHandlers(root: string): Promise<readonly BuiltFile[]> {
  const names = readdirSync(join(root, "handlers")).filter((name) => existsSync(join(root, "handlers", name, "index.ts")));
  const parts: Metafile[] = [];
  // One build each: shared chunks would be files that a function's archive does not hold.
  const built = await Promise.all(names.map((name) => build({
    ...bundleSettings((part) => parts.push(part)),
    absWorkingDir: root,
    entryPoints: [join(root, "handlers", name, "index.ts")],
    outfile: join(root, "dist", "handlers", name, "index.mjs"),
  })));
  const notices = noticesOf([...built.map(({ metafile }) => metafile), ...parts], root, join(root, "dist", "handlers"));
  return writeChanged([...built.flatMap(({ outputFiles }) => outputFiles), notices]);
}
