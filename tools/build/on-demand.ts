import { build, type Metafile, type Plugin } from "esbuild";
import { common } from "./settings.ts";

/** The driver of MongoDB: half of a bundle, and nothing that a backup of anything else has to do with. */
const ON_DEMAND = /[\\/]engines[\\/]mongodb[\\/]driver\.ts$/;

/**
 * What only some runs load lies in the bundle as text: Node then compiles it when it is asked for, not at every cold start.
 * The bundle stays one file, which is all that functions, tasks and hosts have to fetch.
 */
export const compiledOnDemand = (seen: (part: Metafile) => void): Plugin => ({
  name: "compiled-on-demand",
  setup({ onLoad, initialOptions: { absWorkingDir } }) {
    onLoad({ filter: ON_DEMAND }, async ({ path }) => {
      const { outputFiles: [script], metafile } = await build({
        ...common, ...(absWorkingDir === undefined ? {} : { absWorkingDir }),
        entryPoints: [path], format: "cjs", minify: true, keepNames: true, mainFields: ["module", "main"],
      });
      if (!script) throw new Error(`Expected esbuild to make a script of ${path}, got nothing.`);
      seen(metafile);
      const text = JSON.stringify(`(function (module, exports, require) {${script.text}\n})`);
      return { loader: "js", contents: `const { Script } = require("node:vm"); new Script(${text}, { filename: "mongodb-driver.cjs" }).runInThisContext()(module, exports, require);` };
    });
  },
});
