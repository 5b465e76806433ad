import { createRequire } from "node:module";
import { Script } from "node:vm";
import { build, type Metafile, type Plugin } from "esbuild";
import { common } from "./settings.ts";

/** The driver of MongoDB: half of a bundle, and nothing that a backup of anything else has to do with. */
const ON_DEMAND = /[\\/]engines[\\/]mongodb[\\/]driver\.ts$/;

const FILENAME = "mongodb-driver.cjs";

type Compiled = (module: { readonly exports: object }, exports: object, require: NodeJS.Require) => void;

/**
 * What only some runs load lies in the bundle as text: Node then compiles it when it is asked for, not at every cold start.
 * The bundle stays one file, which is all that functions, tasks and hosts have to fetch. `seen`: what the text was made of.
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
      const wrapped = `(function (module, exports, require) {${script.text}\n})`;
      const contents = [
        'import { Script } from "node:vm";',
        "const driver = { exports: {} };",
        `new Script(${JSON.stringify(wrapped)}, { filename: "${FILENAME}" }).runInThisContext()(driver, driver.exports, require);`,
        `export const { ${exportsOf(wrapped).join(", ")} } = driver.exports;`,
      ];
      return { loader: "js", contents: contents.join("\n") };
    });
  },
});

/** Asked of the script itself: one that does not even load is noticed when it is made. */
function exportsOf(wrapped: string): readonly string[] {
  const module = { exports: {} };
  (new Script(wrapped, { filename: FILENAME }).runInThisContext() as Compiled)(module, module.exports, createRequire(import.meta.url));
  return Object.keys(module.exports);
}
