import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Folder of the first program of that name on PATH. */
export function folderOnPath(program: string): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.find((folder) => existsSync(join(folder, program)));
}
