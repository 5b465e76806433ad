import { readFileSync, statSync } from "node:fs";

/** A stack file of the largest system has about 30 KiB. More than this was put there by mistake. */
const MOST_BYTES = 1024 * 1024;

const unreadable: Readonly<Record<string, readonly [got: string, wayOut: string]>> = {
  ENOENT: ["a link to one that is not there", "mend the link, or put the file in its place"],
  ELOOP: ["a link that leads to itself", "put the file in its place"],
  EISDIR: ["a folder", "rename it, or put the file in its place"],
  EACCES: ["one that you may not read", "give yourself the right to read it"],
};

/** The text of a file that is there, or one refusal: what was expected, what came, the way out. */
export function fileText(path: string, refuse: (expected: string, got: string, wayOut: string) => never): string {
  const bytes = bytesOf(path, refuse);
  try {
    // It leaves out the mark that Windows puts at the beginning.
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return refuse("text in UTF-8", "another encoding", "save the file as UTF-8");
  }
}

function bytesOf(path: string, refuse: (expected: string, got: string, wayOut: string) => never): Buffer {
  try {
    const { size } = statSync(path);
    if (size > MOST_BYTES) refuse("at most 1 MiB", `${(size / 1024 / 1024).toFixed(1)} MiB`, "a stack file holds names and numbers: remove what is no configuration");
    return readFileSync(path);
  } catch (error) {
    const told = unreadable[(error as NodeJS.ErrnoException).code ?? ""];
    if (told === undefined) throw error;
    return refuse("a file that can be read", ...told);
  }
}
