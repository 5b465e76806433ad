import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { defaultsKey, flatten, namespace, projectConfig, stackConfig, upkeepValues, withProject, type FlatConfig } from "./flat.ts";
import { mapping } from "./mapping.ts";
import { configRoot, misplaced } from "./misplaced.ts";
import { parseSettings } from "./parse.ts";
import { plainSecrets } from "./plain-secrets.ts";
import { listed, sentence, StackFileError, type KnownProblem, type Locate } from "./problems.ts";
import type { Settings } from "./settings.ts";
import { show } from "./show.ts";
import { nearestOf } from "./words/nearest.ts";
import { find, readYaml, type YamlFile } from "./yaml-file.ts";

const projectFileName = "Pulumi.yaml";
const stackFileName = (stack: string): string => `Pulumi.${stack}.yaml`;

export interface Project {
  readonly name: string;
  /** Entry of the program, from the project's folder. Absent: what package.json says. */
  readonly main?: string;
  readonly runtime: { readonly name: string; readonly options: Readonly<Record<string, unknown>> };
}

/** Path of the program's first file: it stands in Pulumi.yaml itself, not in the configuration. */
export const mainKey = "main";

/** One stack as its two files say it, read but not yet understood. */
export interface StackSource extends FlatConfig {
  readonly stack: string;
  readonly project: Project;
  /** What stands under `upkeep:`, merged over the defaults; keys without the namespace. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly locate: Locate;
  readonly problems: readonly KnownProblem[];
}

/** Reads `Pulumi.yaml` and `Pulumi.<stack>.yaml`. `organization/project/prod` is the stack `prod`. */
export function readStack(projectDir: string, stack: string): StackSource {
  const name = stack.split("/").at(-1) ?? stack;
  const { file: projectFile, stacksDir } = readProjectFile(projectDir);
  const stackFile = readStackFile(stacksDir, name, stack);

  const project = projectOf(projectFile.value);
  const root = configRoot(stackFile);
  const own = stackConfig(stackFile.document, root, stackFile.value[root], project.name);
  const values = withProject(projectConfig(projectFile.value.config, project.name), own);
  return {
    stack: name,
    project,
    ...flatten(values),
    values: upkeepValues(values),
    locate: (path) => locateIn(stackFile, root, projectFile, path),
    problems: [
      ...misplaced({ file: stackFile, root }, { file: projectFile, root: "config" }, project.name),
      ...plainSecrets(values, name),
    ],
  };
}

/** The stacks that have a file, by name. */
export function listStacks(projectDir: string): readonly string[] {
  return stacksIn(readProjectFile(projectDir).stacksDir);
}

/** What the files mean, or one error with every problem in them. */
export const settingsOf = (source: StackSource, now?: Date): Settings =>
  parseSettings(source.values, {
    stack: source.stack,
    region: source.config["aws:region"],
    locate: source.locate,
    known: source.problems,
    ...(now === undefined ? {} : { now }),
  });

/** True when the stack has a file of its own, where Pulumi would look for it. */
export const hasStackFile = (projectDir: string, stack: string): boolean =>
  existsSync(join(projectDir, projectFileName)) &&
  existsSync(join(readProjectFile(projectDir).stacksDir, stackFileName(stack)));

function readProjectFile(projectDir: string): { readonly file: YamlFile; readonly stacksDir: string } {
  if (!existsSync(join(projectDir, projectFileName))) {
    throw new StackFileError([{ path: projectFileName, message: sentence("the file Pulumi.yaml in this folder", "none", "run this in the folder of the project or below it, or name that with --cwd") }]);
  }
  const file = readYaml(projectDir, projectFileName);
  const { stackConfigDir } = file.value;
  return { file, stacksDir: typeof stackConfigDir === "string" ? join(projectDir, stackConfigDir) : projectDir };
}

function readStackFile(stacksDir: string, stack: string, typed: string): YamlFile {
  const known = stacksIn(stacksDir);
  if (known.includes(stack)) return readYaml(stacksDir, stackFileName(stack));
  const near = nearestOf(stack, known);
  const instead = near === undefined ? "name one of them, or write" : `did you mean \`${near}\`? Otherwise write`;
  throw new StackFileError([{
    path: "stack",
    message: known.length === 0
      ? sentence("a stack file beside Pulumi.yaml", "none", "begin with one from examples/, named `Pulumi.prod.yaml`")
      : sentence(`a stack that has a file: ${listed(known, "or")}`, show(typed), `${instead} a Pulumi.<stack>.yaml beside the others`),
  }]);
}

const stacksIn = (folder: string): readonly string[] =>
  readdirSync(folder)
    .flatMap((name) => /^Pulumi\.(?<stack>[A-Za-z0-9._-]+)\.yaml$/.exec(name)?.groups?.stack ?? [])
    .toSorted();

function projectOf(value: Readonly<Record<string, unknown>>): Project {
  const { name, main, runtime } = value;
  const { name: runtimeName, options } = typeof runtime === "string" ? { name: runtime, options: {} } : mapping(runtime);
  return {
    name: typeof name === "string" ? name : "",
    ...(typeof main === "string" ? { main } : {}),
    runtime: { name: typeof runtimeName === "string" ? runtimeName : "", options: mapping(options) },
  };
}

/** The file that says the most of a path: the stack's own, or the defaults of all stacks. */
function locateIn(stackFile: YamlFile, root: string, projectFile: YamlFile, path: string): ReturnType<Locate> {
  if (path === mainKey) return find(projectFile, [], path)?.place ?? { file: projectFile.name };
  if (!path.includes(":")) return { file: stackFile.name };
  const withoutNamespace = path.startsWith(namespace) ? path.slice(namespace.length) : path;
  const project = `${String(projectFile.value.name)}:`;
  const [best] = [
    find(stackFile, [root], path),
    find(stackFile, [root], path.startsWith(project) ? path.slice(project.length) : path),
    find(stackFile, [root, defaultsKey], withoutNamespace),
    find(projectFile, ["config", defaultsKey, "value"], withoutNamespace),
    find(projectFile, ["config"], path),
  ].flatMap((found) => (found === undefined ? [] : [{ ...found, left: found.left.length - (found.left.startsWith(namespace) ? namespace.length : 0) }]))
    .toSorted((one, other) => one.left - other.left);
  return best?.place ?? { file: stackFile.name };
}
