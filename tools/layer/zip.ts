import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ZipOptions, zipSync } from "fflate";
import { BIN, LICENCES, VERSIONS_FILE } from "./contents.ts";

/** The first that a zip can hold. Given as local time, which is how a zip writes it: every machine writes the same. */
const date = (): Date => new Date(1980, 0, 1);
/** Unix, so that the modes are read. */
const UNIX = 3;
const REGULAR_FILE = 0o100000;

/** The folder as a layer's zip. The same files give the same bytes: order, dates, owners and modes are not the machine's. */
export function zipOf(root: string): Uint8Array {
  const files = [BIN, LICENCES].flatMap((folder) => filesIn(root, folder)).concat(VERSIONS_FILE).toSorted((a, b) => (a < b ? -1 : 1));
  const entries = files.map((file): [string, [Uint8Array, ZipOptions]] => {
    const mode = file.startsWith(`${BIN}/`) ? 0o755 : 0o644;
    return [file, [readFileSync(join(root, file)), { level: 9, mtime: date(), os: UNIX, attrs: (REGULAR_FILE | mode) * 2 ** 16 }]];
  });
  return zipSync(Object.fromEntries(entries));
}

const filesIn = (root: string, folder: string): readonly string[] =>
  readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? filesIn(root, `${folder}/${entry.name}`) : [`${folder}/${entry.name}`]));
