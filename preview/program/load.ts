import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundle } from "./bundle.ts";
import { isPackaged } from "./package-files.ts";
import type { Project } from "./project.ts";

/** Raise it when the way a bundle is made changes: older ones are then made anew. */
const cacheVersion = 4;

/** What a cached bundle was made of. */
interface Origin {
  readonly bundle: string;
  /** What tells a file from another version of it, and a folder from one elsewhere, by path. What did not exist has none. */
  readonly files: Readonly<Record<string, string | null>>;
}

/** Files beside the program that change how it is read. */
const settingFiles = ["package.json", "tsconfig.json"] as const;

/** A program, ready to run as often as is wanted. Returns the stack's outputs, as Pulumi takes them from a module. */
export type Program = () => Promise<unknown>;

let evaluations = 0;

/** Reads a project's program into one module, or takes that from the cache when no file of it has changed. */
export async function loadProgram({ entry, folder }: Project, cache: string): Promise<Program> {
  const key = sha256(`${cacheVersion} ${entry}`).slice(0, 16);
  const file = current(cache, key) ?? await renew(cache, key, entry, folder);
  const url = pathToFileURL(file).href;
  return async () => {
    evaluations += 1;
    // Another query is another module: each run evaluates the program anew.
    const module = await import(`${url}?evaluation=${evaluations}`) as Readonly<Record<string, unknown>>;
    return outputsOf(module);
  };
}

/** As Pulumi does: a default export is the outputs, or the function that gives them; else the named exports are. */
function outputsOf(module: Readonly<Record<string, unknown>>): unknown {
  if (!("default" in module)) return { ...module };
  const value = module.default;
  return typeof value === "function" ? (value as () => unknown)() : value;
}

function current(cache: string, key: string): string | undefined {
  const origin = readOrigin(join(cache, `${key}.json`));
  if (!origin) return undefined;
  const file = join(cache, origin.bundle);
  const unchanged = Object.entries(origin.files).every(([path, state]) => stateOf(path) === state);
  return unchanged && existsSync(file) ? file : undefined;
}

async function renew(cache: string, key: string, entry: string, folder: string): Promise<string> {
  const { code, map, files } = await bundle(entry);
  const former = readOrigin(join(cache, `${key}.json`))?.bundle;
  const name = `${key}-${sha256(code).slice(0, 16)}.mjs`;
  const all = [...files, ...settingFiles.map((setting) => join(folder, setting))];
  const origin: Origin = { bundle: name, files: Object.fromEntries(all.map((path) => [path, stateOf(path)])) };
  write(cache, mapOf(name), map);
  write(cache, name, `${code}//# sourceMappingURL=${mapOf(name)}\n`);
  write(cache, `${key}.json`, JSON.stringify(origin));
  if (former !== undefined && former !== name) for (const file of [former, mapOf(former)]) rmSync(join(cache, file), { force: true });
  return join(cache, name);
}

const mapOf = (name: string): string => `${name}.map`;

function readOrigin(path: string): Origin | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Origin;
  } catch {
    // A damaged cache is no cache: the bundle is made anew and this file written over.
    return undefined;
  }
}

/** Two previews may write at once: a rename is seen whole or not at all. */
function write(cache: string, name: string, content: string): void {
  const half = join(cache, `${name}.${process.pid}`);
  writeFileSync(half, content);
  renameSync(half, join(cache, name));
}

/**
 * A file of a package is not read for it: those are many, and change only when they are installed. Some installers give all files
 * one time, so package.json, which says the version, is.
 */
function stateOf(path: string): string | null {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return null;
  if (found.isDirectory()) return realpathSync(path);
  return isPackaged(path) && basename(path) !== "package.json" ? `${found.size} ${found.mtimeMs}` : sha256(readFileSync(path));
}

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
