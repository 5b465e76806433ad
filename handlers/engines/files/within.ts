import { realpath } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { codeOf } from "../../store/folder/keys.ts";

/** Whether a path is a folder or leads into it, whatever links lie on the way to either. Neither has to be there. */
export async function isWithin(path: string, folder: string): Promise<boolean> {
  const way = relative(await realOf(resolve(folder)), await realOf(resolve(path)));
  return way !== ".." && !way.startsWith(`..${sep}`);
}

/** Without links, as far as there is anything. */
async function realOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT" || dirname(path) === path) throw error;
    return join(await realOf(dirname(path)), basename(path));
  }
}
