import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { Problem } from "../preview/engine/problem.ts";
import type { Hints } from "../preview/render/terminal/next.ts";
import { packFor } from "./rules.ts";

/** The project that a command line is about, and how the commands that it prints find that project again. */
export interface Project {
  readonly folder: string;
  readonly hints: Hints;
  /** Said beside the answer when the project is not where the command was told to look. */
  readonly aside: readonly string[];
}

const projectFile = "Pulumi.yaml";

/** The folder itself or the nearest above it that has a Pulumi.yaml, as Pulumi looks for it. */
export function projectAt(cwd: string): Project {
  const start = resolve(cwd);
  const folder = above(start) ?? start;
  const pack = packFor(folder);
  return {
    folder,
    hints: {
      there: cwd === "." ? "" : ` --cwd ${argument(cwd)}`,
      policyPack: pack === undefined ? undefined : argument(shorter(relative(start, pack), pack)),
    },
    aside: folder === start ? [] : [`There is no ${projectFile} in this folder: the project in \`${relative(start, folder)}\` is taken.`],
  };
}

/** As a shell takes it whole. */
const argument = (path: string): string => (/\s/.test(path) ? JSON.stringify(path) : path);

/** Pulumi goes to the folder of --cwd first, and finds either of them from there. */
const shorter = (relativePath: string, absolutePath: string): string => (relativePath.length <= absolutePath.length ? relativePath : absolutePath);

function above(folder: string): string | undefined {
  if (existsSync(join(folder, projectFile))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : above(parent);
}

/** Commands of Pulumi in a problem's words, for the folder that `--cwd` named. */
export const withFolder = (problem: Problem, { there }: Hints): Problem =>
  ({ ...problem, message: problem.message.replaceAll(/`(pulumi [^`]+)`/g, (_, command: string) => `\`${command}${there}\``) });
