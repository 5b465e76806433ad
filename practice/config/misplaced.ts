import { distance } from "fastest-levenshtein";
import { isMap, isScalar, isSeq } from "yaml";
import { defaultsKey, namespace } from "./flat.ts";
import { mapping } from "./mapping.ts";
import { sentence, type KnownProblem } from "./problems.ts";
import { sections } from "./schema/index.ts";
import { show, written } from "./show.ts";
import { nearestOf } from "./words/nearest.ts";
import { find, type YamlFile } from "./yaml-file.ts";

/** One of the two files of a stack, and the key under which its configuration stands. */
export interface ConfigFile {
  readonly file: YamlFile;
  readonly root: string;
}

/** Where a stack's configuration stands: `config`, or what somebody wrote in its place. */
export const configRoot = ({ value }: YamlFile): string =>
  "config" in value ? "config" : Object.keys(value).find((key) => nearestOf(key, ["config"]) !== undefined) ?? "config";

/** What is written where nobody looks for it, so that it would be passed over without a word. */
export const misplaced = (stack: ConfigFile, project: ConfigFile, projectName: string): readonly KnownProblem[] => [
  ...misspeltRoot(stack),
  ...misplacedDefaults(stack, project),
  ...[stack, project].flatMap((config) => [...strayKeys(config, projectName), ...emptyKeys(config)]),
];

const keysOf = ({ file, root }: ConfigFile): Readonly<Record<string, unknown>> => mapping(file.value[root]);

function misspeltRoot({ file, root }: ConfigFile): readonly KnownProblem[] {
  return root === "config" ? [] : [{ path: file.name, ...find(file, [], root)?.place, message: sentence("the key `config`", show(root), "write `config:`") }];
}

function misplacedDefaults(stack: ConfigFile, project: ConfigFile): readonly KnownProblem[] {
  const inStack = defaultsKey in keysOf(stack)
    ? [{ path: defaultsKey, message: sentence("defaults in Pulumi.yaml, where all stacks see them", "them in a stack file", "move them there, or write the keys here without `defaults`") }]
    : [];
  const said = keysOf(project)[defaultsKey];
  const withoutValue = said !== undefined && !("value" in mapping(said))
    ? [{ path: defaultsKey, message: sentence("`value:` below upkeep:defaults, which is how Pulumi.yaml gives a value", show(said), "put one line `value:` above the keys and indent them") }]
    : [];
  return [...inStack, ...withoutValue];
}

/** A slip or two, or a swap. */
const MOST_SLIPS = 2;

/** Keys of ours under another namespace: Pulumi takes them for somebody else's. A key without one is the project's. */
function strayKeys(config: ConfigFile, projectName: string): readonly KnownProblem[] {
  return Object.keys(keysOf(config)).flatMap((path) => {
    const [name = "", space = projectName] = path.split(":").toReversed();
    if (`${space}:` === namespace) return [];
    const misspelt = space !== projectName && distance(space.toLowerCase(), namespace.slice(0, -1)) <= MOST_SLIPS;
    if (!misspelt && space !== projectName) return [];
    const known = [...Object.keys(sections({ timeZone: "UTC", now: new Date(0) })), "defaults"];
    const near = misspelt ? nearestOf(name, known) ?? name : name;
    if (!misspelt && !known.includes(name)) return [];
    const meant = `${namespace}${near}`;
    const wayOut = `did you mean \`${meant}\`? Write that${misspelt ? "" : ", or give the key of your own program another name"}`;
    return [{ path: written([path]), ...find(config.file, [config.root], path)?.place, meant, message: sentence("the keys of upkeep below its own namespace, `upkeep:`", show(path), wayOut) }];
  });
}

/** `keep:` with nothing behind it is no choice, and would take a default away in silence; `null` says that it is meant. */
function emptyKeys({ file, root }: ConfigFile): readonly KnownProblem[] {
  const config = file.document.get(root, true);
  return Object.keys(mapping(file.value[root])).filter((key) => key.startsWith(namespace)).flatMap((key) => {
    const section = isMap(config) ? config.get(key, true) : undefined;
    const inDefaults = key === defaultsKey && isMap(section) && section.has("value");
    return emptyBelow(inDefaults ? section.get("value", true) : section, inDefaults ? [] : [key]).filter((path) => path.length > 1).map((path) => ({
      path: inDefaults ? `${namespace}${written(path)}` : written(path),
      ...find(file, inDefaults ? [root, defaultsKey, "value"] : [root], written(path))?.place,
      message: sentence("a value", "nothing", "write one, or remove the line; `null` says that what the defaults of all stacks say does not hold here"),
    }));
  });
}

function emptyBelow(node: unknown, path: readonly (string | number)[]): readonly (readonly (string | number)[])[] {
  if (isSeq(node)) return node.items.flatMap((item, index) => emptyBelow(item, [...path, index]));
  if (!isMap(node)) return [];
  return node.items.flatMap(({ key, value }) => {
    const below = [...path, isScalar(key) ? String(key.value) : ""];
    return isEmpty(value) ? [below] : emptyBelow(value, below);
  });
}

const isEmpty = (value: unknown): boolean =>
  value === null || (isScalar(value) && value.value === null && (value.source ?? "") === "");
