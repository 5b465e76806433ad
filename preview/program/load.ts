import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundle } from "./bundle.ts";
import type { CacheFolder } from "./cache-folder.ts";
import type { Project } from "./project.ts";

/** Raise it when the way a bundle is made changes: older ones are then made anew. */
const cacheVersion = 2;

/** What a cached bundle was made of. */
interface Origin {
  readonly bundle: string;
  /** SHA-256 of each file, by path. A file that did not exist has none. */
  readonly files: Readonly<Record<string, string | null>>;
}

/** Files beside the program that change how it is read. */
const settingFiles = ["package.json", "tsconfig.json"] as const;

/** A program, ready to run as often as is wanted. Returns the stack's outputs, as Pulumi takes them from a module. */
export type Program = () => Promise<unknown>;

let evaluations = 0;

/** Reads a project's program into one module, or takes that from the cache when no file of it has changed. */
export async function loadProgram({ entry, folder }: Project, cache: CacheFolder): Promise<Program> {
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

function current(cache: CacheFolder, key: string): string | undefined {
  const origin = readOrigin(join(cache.path, `${key}.json`));
  if (!origin) return undefined;
  const file = join(cache.path, origin.bundle);
  const unchanged = Object.entries(origin.files).every(([path, hash]) => hashOf(path) === hash);
  return unchanged && existsSync(file) ? file : undefined;
}

async function renew(cache: CacheFolder, key: string, entry: string, folder: string): Promise<string> {
  const { code, files } = await bundle(entry, { absolutePackages: !cache.besidePackages });
  const former = readOrigin(join(cache.path, `${key}.json`))?.bundle;
  const name = `${key}-${sha256(code).slice(0, 16)}.mjs`;
  const all = [...files, ...settingFiles.map((setting) => join(folder, setting))];
  const origin: Origin = { bundle: name, files: Object.fromEntries(all.map((path) => [path, hashOf(path)])) };
  write(cache, name, code);
  write(cache, `${key}.json`, JSON.stringify(origin));
  if (former !== undefined && former !== name) rmSync(join(cache.path, former), { force: true });
  return join(cache.path, name);
}

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
function write(cache: CacheFolder, name: string, content: string): void {
  const half = join(cache.path, `${name}.${process.pid}`);
  writeFileSync(half, content);
  renameSync(half, join(cache.path, name));
}

function hashOf(path: string): string | null {
  return existsSync(path) ? sha256(readFileSync(path)) : null;
}

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
