import { backupName, functionNames, rolesOfBackup, storeBucketPrefix } from "../contract/names.ts";
import type { DerivedSource } from "./derived-sources.ts";
import { sentence, type Problem } from "./problems.ts";
import { show, written } from "./show.ts";

/** AWS allows 64 characters for functions, state machines, schedules, queues and roles; 63 for buckets. */
const MOST_NAME_CHARACTERS = 64;
const MOST_BUCKET_CHARACTERS = 63;
/** What stands after the prefix of a store's bucket: 8 hexadecimal digits, and `-replica` for the second one. */
const BUCKET_ENDING = "0123abcd-replica";

const nameForm = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
/** With it, a role's name and its random end stay within what AWS allows. */
const MOST_SOURCE_CHARACTERS = 24;
const nameExpected = "a name of 2 to 24 lower case letters, digits and single hyphens, a letter first";

/** What people name themselves, as it stands in the file: section by section, before anything is parsed. */
export type Named = Readonly<Record<"hosts" | "databases" | "files" | "repositories" | "endpoints" | "channels", readonly string[]>>;

export interface NameScope {
  readonly prefix: string;
  readonly stack: string;
  /** The system's name, when it has a usable one. */
  readonly system: string | undefined;
}

/** Names that AWS would refuse or cut, and names that would become one. */
export function nameProblems(named: Named, scope: NameScope, derived: readonly DerivedSource[]): readonly Problem[] {
  const sections = Object.entries(named).map(([section, names]) => ({ root: `${scope.prefix}${section}`, names }));
  const sources = sections.filter(({ root }) => root.endsWith("databases") || root.endsWith("files") || root.endsWith("repositories"));
  return [
    ...stackProblems(scope),
    ...sections.flatMap(({ root, names }) => names.flatMap((name) => badForm(root, name))),
    ...sources.flatMap(({ root, names }) => names.flatMap((name) => tooLong(root, name, scope))),
    ...sources.flatMap(({ root, names }) => names.flatMap((name) => [...functionCalled(root, name), ...partCalled(root, name, names)])),
    ...derivedProblems(derived, sources, scope),
    ...becomingOne(sources.flatMap(({ root, names }) => names.map((name) => ({ path: written([root, name]), name })))),
    ...channelsAndEndpointsBecomingOne(sections),
  ];
}

function badForm(root: string, name: string): readonly Problem[] {
  if (nameForm.test(name) && name.length >= 2 && name.length <= MOST_SOURCE_CHARACTERS) return [];
  const mended = normal(name).slice(0, MOST_SOURCE_CHARACTERS).replace(/-$/, "");
  return [{ path: written([root, name]), message: sentence(nameExpected, show(name), mended.length >= 2 ? `write \`${mended}\`` : "choose another one") }];
}

function stackProblems({ stack, system, prefix }: NameScope): readonly Problem[] {
  const path = `${prefix}system.name`;
  if (!nameForm.test(stack)) {
    return [{ path: "stack", message: sentence("a stack name of lower case letters, digits and single hyphens, because resource names hold it", show(stack), `rename the stack, such as \`${normal(stack)}\``) }];
  }
  if (system === undefined) return [];
  const bucket = `${storeBucketPrefix({ stack, system: { name: system } })}${BUCKET_ENDING}`;
  const over = bucket.length - MOST_BUCKET_CHARACTERS;
  return over <= 0 ? [] : [{ path, message: cut(`the bucket \`${bucket.replace(BUCKET_ENDING, "xxxxxxxx-replica")}\``, MOST_BUCKET_CHARACTERS, over, "the system's or the stack's name") }];
}

function tooLong(root: string, name: string, { stack, system }: NameScope): readonly Problem[] {
  if (system === undefined) return [];
  const resource = backupName({ stack, system: { name: system } }, name);
  const over = resource.length - MOST_NAME_CHARACTERS;
  return over <= 0 ? [] : [{ path: written([root, name]), message: cut(`the resource \`${show(resource).slice(1, -1)}\``, MOST_NAME_CHARACTERS, over, "this name, the system's or the stack's") }];
}

const cut = (what: string, most: number, over: number, which: string): string =>
  sentence(`at most ${most} characters in the name of ${what}`, `${over} too many`, `shorten ${which} by ${over} ${over === 1 ? "character" : "characters"}`);

interface Placed {
  readonly path: string;
  readonly name: string;
}

/** Each name after the first that becomes the same, with the place of the first. */
function becomingOne(placed: readonly Placed[]): readonly Problem[] {
  return placed.flatMap(({ path, name }, index) => {
    const first = placed.slice(0, index).find((other) => normal(other.name) === normal(name));
    return first === undefined ? [] : [{ path, message: sentence("a name of its own", `one that becomes \`${normal(name)}\`, as ${first.path} does`, "rename one of the two: they would share resources and one prefix of the store") }];
  });
}

const channelsAndEndpointsBecomingOne = (sections: readonly { readonly root: string; readonly names: readonly string[] }[]): readonly Problem[] =>
  sections
    .filter(({ root }) => root.endsWith("endpoints") || root.endsWith("channels"))
    .flatMap(({ root, names }) => becomingOne(names.map((name) => ({ path: written([root, name]), name }))));

function functionCalled(root: string, name: string): readonly Problem[] {
  if (!Object.values<string>(functionNames).includes(name)) return [];
  return [{ path: written([root, name]), message: sentence("a name of its own", `that of the stack's function \`${name}\``, "rename this source: their alerts would share names") }];
}

/** A source called as a role of its neighbour: both would declare one resource. */
function partCalled(root: string, name: string, neighbours: readonly string[]): readonly Problem[] {
  const owner = neighbours.find((other) => rolesOfBackup.some((role) => name === `${other}-${role}`));
  if (owner === undefined) return [];
  return [{ path: written([root, name]), message: sentence("a name of its own", `that of a role of ${written([root, owner])}`, "rename one of the two") }];
}

/** What the practice makes of a name is judged where the name stands, and said with what it makes. */
function derivedProblems(derived: readonly DerivedSource[], sources: readonly { readonly root: string; readonly names: readonly string[] }[], { stack, system }: NameScope): readonly Problem[] {
  const named = sources.flatMap(({ root, names }) => names.map((name) => ({ path: written([root, name]), name })));
  return derived.flatMap(({ name, path, askedBy }) => {
    const resource = system === undefined ? "" : backupName({ stack, system: { name: system } }, name);
    const over = Math.max(name.length - MOST_SOURCE_CHARACTERS, resource.length - MOST_NAME_CHARACTERS);
    const [made, which] = path === askedBy ? [`the source of ${askedBy}`, "the system's or the stack's name"] : [`the source that ${askedBy} makes of ${path}`, "this name"];
    const shorten = `shorten ${which} by ${over} ${over === 1 ? "character" : "characters"}, or remove ${askedBy}`;
    return [
      ...(over <= 0 ? [] : [{ path, message: sentence(`a name short enough for ${made}, \`${name}\``, `${over} too many`, shorten) }]),
      ...named.filter((other) => normal(other.name) === name || rolesOfBackup.some((role) => other.name === `${name}-${role}`)).map((other) =>
        ({ path: other.path, message: sentence("a name of its own", `that of a part of \`${name}\`, ${made}`, "rename one of the two: they would share resources and one prefix of the store") })),
    ];
  });
}

/** `Accounts_DB` -> `accounts-db`: what AWS would make of it. */
const normal = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-|-$/g, "");
