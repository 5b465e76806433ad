import { build, type Plugin } from "esbuild";
import { common } from "./settings.ts";

/** The driver of MongoDB: half of a bundle, and nothing that a backup of anything else has to do with. */
const ON_DEMAND = /[\\/]engines[\\/]mongodb[\\/]driver\.ts$/;

/**
 * What only some runs load lies in the bundle as text: Node then compiles it when it is asked for, not at every cold start.
 * The bundle stays one file, which is all that functions, tasks and hosts have to fetch.
 */
export const compiledOnDemand: Plugin = {
  name: "compiled-on-demand",
  setup({ onLoad }) {
    onLoad({ filter: ON_DEMAND }, async ({ path }) => ({
      loader: "js",
      contents: `const { Script } = require("node:vm"); new Script(${JSON.stringify(await scriptOf(path))}, { filename: "mongodb-driver.cjs" }).runInThisContext()(module, exports, require);`,
    }));
  },
};

async function scriptOf(path: string): Promise<string> {
  const { outputFiles: [compiled] } = await build({ ...common, entryPoints: [path], format: "cjs", minify: true, keepNames: true, mainFields: ["module", "main"] });
  if (!compiled) throw new Error(`Expected esbuild to make a script of ${path}, got nothing.`);
  return `(function (module, exports, require) {${compiled.text}\n})`;
}
