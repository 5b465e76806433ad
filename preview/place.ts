import { dirname, isAbsolute, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Problem } from "./engine/problem.ts";

/** The preview itself, as source or compiled: it stands in every stack trace, and is never where the error is. */
const ownFolder = dirname(fileURLToPath(import.meta.url));

/** Where in the program an error was thrown: the innermost frame that is the project's own. */
export function placeOf(error: unknown, folder: string): Pick<Problem, "path" | "file" | "line" | "column"> {
  const stack = error instanceof Error ? error.stack ?? "" : "";
  for (const line of stack.split("\n")) {
    const frame = /(?:\(|at )((?:file:\/\/)?\/[^()]*|(?:file:\/\/\/)?[A-Za-z]:[^()]*):(\d+):(\d+)\)?$/.exec(line.trim());
    if (!frame) continue;
    const [, location = "", row = "", column = ""] = frame;
    const file = location.startsWith("file://") ? fileURLToPath(location) : location;
    const path = relative(folder, file);
    if (file.startsWith(ownFolder + sep) || path.startsWith("..") || isAbsolute(path) || path.includes("node_modules")) continue;
    return { path, file: path, line: Number(row), column: Number(column) };
  }
  return {};
}
