import { lstat, realpath } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";

/** Ending of the empty file beside an object that marks it as superseded. */
export const supersededEnding = ".superseded";

/** A file that is being written, or that a killed process left: no object, and no key can name it. */
const partName = /^\.upkeep-[0-9a-f-]{36}\.part$/;

export const partNameOf = (id: string): string => `.upkeep-${id}.part`;
export const isPart = (name: string): boolean => partName.test(name);
export const isMarker = (name: string): boolean => name.endsWith(supersededEnding);

/** Where an object lies under the store's folder. Throws when the key would lead anywhere else. */
export function pathOf(root: string, key: string): string {
  const segments = key.split("/");
  const wrong = segments.some((segment) => segment === "" || segment === "." || segment === ".." || isPart(segment))
    || isMarker(key) || key.includes("\0") || key.includes("\\");
  if (wrong) throw new Error(`Expected a key such as shop/accounts/2026/11/20261123T020000Z/manifest.json, got ${JSON.stringify(key)}: it would not lie in the store's own folders.`);
  return join(root, ...segments);
}

/**
 * Throws when a link on the way leads out of the store: what is read would not be what was backed up, and what is
 * written would lie where nobody looks for it. The store's folder itself may be a link.
 */
export async function expectInside(root: string, path: string): Promise<void> {
  const inside = await realpathOrAbsent(root);
  if (inside === undefined) return;
  for (let folder = dirname(path); folder.startsWith(root) && folder !== root; folder = dirname(folder)) {
    const real = await realpathOrAbsent(folder);
    if (real !== undefined && real !== resolve(inside, folder.slice(root.length + 1))) throw linked(folder);
  }
  if (await isLink(path)) throw linked(path);
}

const linked = (path: string): Error =>
  new Error(`Expected ${path} to lie in the store itself, it is a link or behind one. Put the folder or the file there in its place.`);

async function realpathOrAbsent(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
}

/** Code of a system error, such as ENOENT. */
export const codeOf = (error: unknown): string | undefined =>
  (error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined);

/** The key of a path under the store's folder. */
export const keyOf = (root: string, path: string): string => path.slice(root.length + 1).split(sep).join("/");
