import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, extname, join, sep } from "node:path";

/** What a `package.json` says that matters here. */
export interface PackageJson {
  readonly type?: string;
  readonly sideEffects?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** False for the program's own files, among them those of other workspaces. */
export const isPackaged = (file: string): boolean => file.includes(`${sep}node_modules${sep}`);

/** Node runs none in a package; whoever loads the program by tsx does. */
export const isTypeScript = (file: string): boolean => /\.[cm]?tsx?$/.test(file);

/** The folder of the package that holds a file: the innermost, since packages bring packages. */
const packageFolder = /^(.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+))[\\/]/;

export function packageOf(file: string): { readonly folder: string; readonly name: string } | undefined {
  const [, folder, name] = packageFolder.exec(file) ?? [];
  return folder === undefined || name === undefined ? undefined : { folder, name: name.replace("\\", "/") };
}

export function packageJsonIn(folder: string): PackageJson | undefined {
  const file = join(folder, "package.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) as PackageJson : undefined;
}

/**
 * How Node loads a file: by its ending, else by the nearest package.json, else by what stands in it (`detected`).
 * What Node cannot run is CommonJS here.
 */
export function formOf(file: string): "module" | "detected" | "script" {
  if (extname(file) === ".mjs") return "module";
  if (extname(file) !== ".js") return "script";
  const type = nearestType(dirname(file));
  if (type !== undefined) return type === "module" ? "module" : "script";
  return syntaxOfModules.test(readFileSync(file, "utf8")) ? "detected" : "script";
}

/** Some scripts have such a line in a comment or a text. They then come as Node loads them, which is right for either. */
const syntaxOfModules = /^\s*(?:import\b\s*[\w*{"']|export\b\s*[\w*{])/m;

function nearestType(folder: string): string | undefined {
  const found = packageJsonIn(folder);
  if (found) return found.type;
  const parent = dirname(folder);
  // A package ends where packages lie.
  return parent === folder || basename(folder) === "node_modules" ? undefined : nearestType(parent);
}

/**
 * Where Node looks for a package, up to where it is found: what appears, disappears or is linked elsewhere at one of these places
 * changes what is found. With the package come the files that say which of its files is meant.
 */
export function placesOf(specifier: string, folder: string): readonly string[] {
  const [name] = /^(?:@[^/]+\/)?[^/]+/.exec(specifier) ?? [];
  if (name === undefined) return [];
  const packages = join(folder, "node_modules");
  const above = dirname(folder);
  const further = above === folder ? [] : placesOf(specifier, above);
  if (!existsSync(packages)) return [packages, ...further];
  const place = join(packages, name);
  return existsSync(place) ? [place, join(place, "package.json"), join(place, "tsconfig.json")] : [place, ...further];
}
