import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { OnResolveResult, Plugin, PluginBuild } from "esbuild";
import { formOf, isPackaged, isTypeScript, packageJsonIn, packageOf, placesOf } from "./package-files.ts";

/** Marks a question that this plugin asks itself. */
const asked = Symbol("asked");

/** The namespace of what is required: no file that the bundle is made of. */
export const required = "required";

/** Its SDK and its providers keep state that the preview and the program must share, whatever form they are published in. */
const pulumi = "@pulumi/";
const sdk = "@pulumi/pulumi";

export interface Packages {
  readonly plugin: Plugin;
  /** Where packages were looked for. */
  readonly places: ReadonlySet<string>;
  /** To be told of each file of the bundle. */
  read(file: string, content: string): void;
  /** Whether something came into the bundle that may work differently there. */
  particular(): boolean;
}

/**
 * What becomes of packages. Those that are ES modules come into the bundle (`inside`), pruned to what is used: hundreds of small
 * files, each found and linked by Node, would take longer than the program. All of them or none: one that is left outside would
 * find its own copy of the others. Those that are CommonJS, and all of Pulumi's, are required, so that there is one of each and
 * Node need not read their text twice to learn their exports. Each is the one that the importing file finds.
 */
export function packages(modules: "inside" | "outside"): Packages {
  const places = new Set<string>();
  const inside = new Set<string>();
  const dependedOn = new Set<string>();
  let particular = false;
  const forms = new Map<string, ReturnType<typeof formOf>>();
  const form = (file: string): ReturnType<typeof formOf> => {
    const known = forms.get(file) ?? formOf(file);
    forms.set(file, known);
    return known;
  };
  const requiring = (file: string): OnResolveResult => {
    const { folder } = packageOf(file) ?? {};
    const { dependencies, peerDependencies, optionalDependencies } = (folder === undefined ? undefined : packageJsonIn(folder)) ?? {};
    for (const name of Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies })) dependedOn.add(name);
    return { path: file, namespace: required };
  };

  const setup = (build: PluginBuild): void => {
    build.onResolve({ filter: /.*/, namespace: required }, ({ path }) => ({ path, external: true }));
    build.onResolve({ filter: /\.node$/, namespace: "file" }, ({ path, resolveDir }) => (path.startsWith(".") ? requiring(resolve(resolveDir, path)) : undefined));
    build.onResolve({ filter: /^[^./]/, namespace: "file" }, async ({ path, importer, resolveDir, kind, pluginData }): Promise<OnResolveResult | undefined> => {
      if (pluginData === asked || kind === "entry-point" || path.startsWith("node:")) return undefined;
      const find = (as: typeof kind): ReturnType<typeof build.resolve> => build.resolve(path, { importer, resolveDir, kind: as, pluginData: asked });
      const found = await find(kind);
      if (found.external) return undefined;
      for (const place of placesOf(path, resolveDir)) places.add(place);
      // Node says best what is missing, when the program comes there.
      if (found.errors.length > 0) return { path, external: true };
      if (found.namespace !== "file") return undefined;
      if (kind === "require-resolve") return { path: found.path, external: true };
      if (path.startsWith(pulumi) && !isTypeScript(found.path)) {
        if (isPackaged(importer) && packageJsonIn(packageOf(importer)?.folder ?? "")?.sideEffects !== undefined) particular = true;
        // A closure may capture the SDK only as the module of Node's that its serializer knows.
        if (modules === "outside" && path === sdk && kind === "import-statement") return { path: pathToFileURL(found.path).href, external: true };
        return requiring((await find("require-call")).path || found.path);
      }
      if (!isPackaged(found.path) || isTypeScript(found.path)) {
        if (!found.sideEffects) particular = true;
        return { path: found.path, suffix: found.suffix };
      }
      if (form(found.path) === "script") return requiring(found.path);
      if (kind === "require-call") {
        particular = true;
        return requiring(found.path);
      }
      if (modules === "outside") return { path: pathToFileURL(found.path).href, external: true };
      if (form(found.path) === "detected") particular = true;
      inside.add(packageOf(found.path)?.name ?? "");
      return { path: found.path, sideEffects: found.sideEffects };
    });
    build.onLoad({ filter: /.*/, namespace: required }, ({ path }) => ({ contents: `module.exports = require(${JSON.stringify(path)});` }));
  };
  return {
    plugin: { name: "packages", setup },
    places,
    read: (file, content) => {
      if ((isPackaged(file) ? asksForItsForm : serializesClosures).test(content)) particular = true;
    },
    // A package that is required finds the other copy of a module that it imports.
    particular: () => particular || [...inside].some((name) => dependedOn.has(name)),
  };
}

/** What a module may ask that is answered differently in a bundle: where others lie, modules by computed names, whether it is one. */
const asksForItsForm = /\bimport\.meta\b(?!\.(?:url|dirname|filename)\b)|\bimport\s*\((?!\s*(?:["'][^"']+["']\s*[,)]|\)))|\btypeof\s+(?:require|__dirname|__filename)\b/;

/** What Pulumi runs elsewhere, it writes down with all that it captures. */
const serializesClosures = /\bdynamic\.Resource|\bCallbackFunction\b|\bserializeFunction\b/;
