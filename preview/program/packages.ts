import { existsSync, readFileSync } from "node:fs";
import { dirname, extname, join, sep } from "node:path";
import type { OnResolveResult, Plugin } from "esbuild";

/** Marks a question that this plugin asks itself. */
const asked = Symbol("asked");

/** The namespace of what is required: no file that the bundle is made of. */
export const required = "required";

/** Its SDK and its providers keep state that the preview and the program must share, whatever form they are published in. */
const pulumi = "@pulumi/";

/**
 * What becomes of packages. Those that are ES modules come into the bundle, pruned to what is used: hundreds of small files,
 * each found and linked by Node, would take longer than the program. Those that are CommonJS, and all of Pulumi's, are required,
 * so that there is one of each and Node need not read their text twice to learn their exports.
 */
export const packagesInside: Plugin = {
  name: "packages-inside",
  setup(build) {
    build.onResolve({ filter: /.*/, namespace: required }, ({ path }) => ({ path, external: true }));
    build.onResolve({ filter: /^[^./]/, namespace: "file" }, async ({ path, importer, resolveDir, kind, pluginData }): Promise<OnResolveResult | undefined> => {
      if (pluginData === asked || kind === "entry-point" || path.startsWith("node:")) return undefined;
      const found = await build.resolve(path, { importer, resolveDir, kind, pluginData: asked });
      // Node says best what is missing, when the program comes there.
      if (found.errors.length > 0) return { path, external: true };
      if (found.external) return undefined;
      if (!path.startsWith(pulumi) && (!isPackaged(found.path) || isModule(found.path))) return { path: found.path, sideEffects: found.sideEffects };
      return { path: isPackaged(importer) ? found.path : path, namespace: required };
    });
    build.onLoad({ filter: /.*/, namespace: required }, ({ path }) => ({ contents: `module.exports = require(${JSON.stringify(path)});` }));
  },
};

/** False for the program's own files, among them those of other workspaces. */
export const isPackaged = (file: string): boolean => file.includes(`${sep}node_modules${sep}`);

/** As Node tells: by the ending, else by the nearest package.json. */
const isModule = (file: string): boolean => extname(file) === ".mjs" || (extname(file) === ".js" && typeOf(dirname(file)) === "module");

function typeOf(folder: string): unknown {
  const file = join(folder, "package.json");
  if (existsSync(file)) return (JSON.parse(readFileSync(file, "utf8")) as { readonly type?: unknown }).type;
  const parent = dirname(folder);
  return parent === folder ? undefined : typeOf(parent);
}
