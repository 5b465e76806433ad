import type { DocumentResource } from "../../preview/document.ts";
import type { Difference } from "../support/engine/differences.ts";

/** A row of the table in docs/offline-preview.md. */
export interface KnownDifference {
  /** Its first column. */
  readonly title: string;
  /** First minor version of the SDK's third major under which it occurs. Default: under every one. */
  readonly sinceMinor?: number;
  readonly explains: (difference: Difference, asked: DocumentResource | undefined, parent: DocumentResource | undefined) => boolean;
}

const isText = (value: unknown): value is string => typeof value === "string";
const areTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText);
/** Such a name ends in seven digits that are drawn. */
const drawn = /-[0-9a-f]{7}$/;

export const knownDifferences: readonly KnownDifference[] = [
  {
    title: "a name that nobody gave",
    explains: ({ path, offline, engine }, asked) =>
      path === "inputs.name" && offline === undefined && isText(engine) && asked !== undefined && engine.startsWith(`${asked.name}-`) && drawn.test(engine),
  },
  {
    title: "a value that follows from such a name",
    explains: ({ path, offline, engine }, asked) =>
      path.startsWith("inputs.") && offline === "[unknown]" && isText(engine) && drawn.test(engine) && asked?.propertyDependencies[path.slice("inputs.".length)] !== undefined,
  },
  {
    title: "a secret that only the cloud can give",
    sinceMinor: 261,
    explains: ({ path, offline, engine }, asked) =>
      path.startsWith("inputs.") && offline === "[unknown]" && engine === "[secret]" && asked?.propertyDependencies[path.slice("inputs.".length)] !== undefined,
  },
  {
    title: "tags of the whole stack",
    explains: ({ path, offline, engine }, asked) => {
      if (path !== "inputs.tagsAll" || offline !== undefined) return false;
      const own = Object.entries(asked?.inputs.tags ?? {});
      return own.every(([key, value]) => (engine as Readonly<Record<string, unknown>>)[key] === value);
    },
  },
  {
    title: "the default provider of a package",
    explains: ({ path, offline, engine }, asked) =>
      path === "provider" && offline === undefined && isText(engine) && engine.includes(`::pulumi:providers:${asked?.type.split(":")[0]}::default_`),
  },
  {
    title: "a provider's own version",
    explains: ({ path, offline }, asked) =>
      (path === "inputs.version" || path === "inputs.__internal") && offline === undefined && asked?.type.startsWith("pulumi:providers:") === true,
  },
  {
    title: "aliases that follow from a parent's",
    explains: ({ path, offline, engine }, _, parent) => {
      if (path !== "aliases" || !areTexts(offline) || !areTexts(engine)) return false;
      const known = parent?.options.aliases ?? [];
      const follows = (alias: string): boolean => known.some((former) => alias.endsWith(`::${former.split("::").at(-1)}`));
      return engine.every((alias) => offline.includes(alias)) && offline.every((alias) => engine.includes(alias) || follows(alias));
    },
  },
];
