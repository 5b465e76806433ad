import { CONFIGURATION_SOURCE, exportSource, weeklySource } from "../contract/names.ts";
import { mapping } from "./mapping.ts";
import { written } from "./show.ts";

/** A source that the practice makes beside one that a person named. */
export interface DerivedSource {
  readonly name: string;
  /** Where the one stands that it is made of; the key itself where it is made of none. */
  readonly path: string;
  /** The key that asks for it. */
  readonly askedBy: string;
}

/** Read from the file as it was written, so that names are judged with all the other problems. */
export const derivedSources = (said: Readonly<Record<string, unknown>>, prefix: string): readonly DerivedSource[] => [
  ...("weekly" in said ? (["databases", "files"] as const).flatMap((section) => weeklyOf(section, mapping(said[section]), prefix)) : []),
  ...Object.entries(mapping(said.databases)).filter(([, database]) => mapping(database).export !== undefined).map(([name]) => {
    const path = written([`${prefix}databases`, name]);
    return { name: exportSource(name), path, askedBy: `${path}.export` };
  }),
  ...("configuration" in said ? [{ name: CONFIGURATION_SOURCE, path: `${prefix}configuration`, askedBy: `${prefix}configuration` }] : []),
];

const weeklyOf = (section: string, sources: Readonly<Record<string, unknown>>, prefix: string): readonly DerivedSource[] =>
  Object.entries(sources)
    .filter(([, source]) => mapping(source).backup !== undefined)
    .map(([name]) => ({ name: weeklySource(name), path: written([`${prefix}${section}`, name]), askedBy: `${prefix}weekly` }));
