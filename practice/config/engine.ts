import { namespace, upkeepValues } from "./flat.ts";
import { parseSettings, secretProblems } from "./parse.ts";
import { nowhere, sentence, type KnownProblem, type Locate, type Problem } from "./problems.ts";
import type { Settings } from "./settings.ts";
import { hasStackFile, readStack, type StackSource } from "./stack-file.ts";

export interface EngineOptions {
  readonly stack: string;
  /** Folder of the project. When the stack's file is found there, problems get their places from it. */
  readonly projectDir?: string;
  /** Keys that the engine holds for secret. */
  readonly secretKeys?: readonly string[];
  /** Decides which schedules can still fire. Default: the present. */
  readonly now?: Date;
}

/** The same for configuration that the engine hands over: values are text, and nothing says where they stood. */
export function settingsFromEngine(
  config: Readonly<Record<string, string>>,
  { stack, projectDir, secretKeys = [], now }: EngineOptions,
): { readonly settings: Settings; readonly locate: Locate } {
  const source = projectDir !== undefined && hasStackFile(projectDir, stack) ? readStack(projectDir, stack) : undefined;
  const locate = source?.locate ?? nowhere;
  const settings = parseSettings(upkeepValues(config), {
    stack,
    region: config["aws:region"],
    locate,
    known: [...(source === undefined ? [] : fileProblems(source)), ...secretKeys.filter((key) => key.startsWith(namespace)).map(encrypted)],
    ...(now === undefined ? {} : { now }),
  });
  return { settings, locate };
}

/** Only the file still shows what was encrypted: the engine has put the secret itself in its place. */
const fileProblems = ({ values, problems }: StackSource): readonly KnownProblem[] => [...problems, ...secretProblems(values, namespace)];

const encrypted = (key: string): Problem => ({
  path: key,
  message: sentence("no secret in a stack file", "an encrypted value (`secure:`)", "put it into a Secrets Manager secret and write the secret's name here"),
});
