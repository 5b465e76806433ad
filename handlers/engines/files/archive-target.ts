import { mkdir } from "node:fs/promises";
import { feedProgram } from "../../programs/feed-program.ts";
import { NotATarget, type OpenTarget } from "../restore.ts";
import { walk } from "./folder/walk.ts";
import type { FilesPlace } from "./restore.ts";
import { isWithin } from "./within.ts";

/**
 * Unpacks the archive of a folder into an empty one, by the machine's own `tar`, as the manifest's command does: with
 * rights, times and links, and owners where root does it. Never over anything.
 * @param path Where `tar` and `gzip` are looked for, as PATH has it.
 */
export const openArchiveTarget = ({ name, refusal }: Pick<FilesPlace, "name" | "refusal">, path: string): OpenTarget => (signal) => Promise.resolve({
  name,
  prove: async (_purpose, { database }) => {
    // Also where nothing is left of it: what was restored is looked at first, and putting it there is a step of its own.
    if (await isWithin(name, database)) throw new NotATarget(`Expected a folder outside of ${database}, which was backed up, got ${name}. Name another.`);
    const refused = await refusal(database);
    if (refused !== undefined) throw new NotATarget(refused);
  },
  load: async (archive) => {
    await mkdir(name, { recursive: true });
    await feedProgram({ file: "tar", args: ["-xzpkf", "-", "-C", name], env: { PATH: path, LC_ALL: "C" }, redact: (text) => text }, archive, signal);
  },
  contents: async () => {
    let objects = 0;
    for await (const _ of walk(name, () => undefined, signal)) objects += 1;
    return { counts: { objects } };
  },
  ask: () => Promise.reject(new Error("Expected a database to ask, files answer no question.")),
  close: () => Promise.resolve(),
});
