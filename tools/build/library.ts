import { join } from "node:path";
import { build } from "esbuild";
import { type BuiltFile, writeChanged } from "./output.ts";
import { common } from "./settings.ts";

/** A CommonJS file knows where it lies by other means than an ES module. */
const PLACE = "upkeepModuleUrl";

/** What a Pulumi program of one's own imports, or requires. Packages stay outside: there must be one Pulumi SDK. */
export async function buildLibrary(root: string): Promise<readonly BuiltFile[]> {
  const library = { ...common, entryPoints: [join(root, "components", "index.ts")], packages: "external" as const };
  const [module, script] = await Promise.all([
    build({ ...library, format: "esm", outfile: join(root, "dist", "index.js") }),
    build({
      ...library,
      format: "cjs",
      outfile: join(root, "dist", "index.cjs"),
      define: { "import.meta.url": PLACE },
      banner: { js: `const ${PLACE} = require("node:url").pathToFileURL(__filename).href;` },
    }),
  ]);
  return writeChanged([...module.outputFiles, ...script.outputFiles]);
}
