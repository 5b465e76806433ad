import { join } from "node:path";
import type { Progress } from "./part.ts";
import { folderOnPath } from "./programs-on-path.ts";
import { run } from "../process/run-command.ts";

export const PYTHON_WAY_OUT = "install Python 3.10 or newer with its venv module (`apt-get install python3-venv` on Debian), then `npm run parts`";

/** The largest wheel is 60 MB; half a minute on a good line. */
const LIMIT_SECONDS = 600;

/**
 * A virtual environment with exactly the wheels whose hashes the file lists. It survives being renamed
 * as long as its programs are started through `bin/python`, since only their first lines hold a path.
 */
export async function makeVenv(folder: string, requirements: string, progress: Progress): Promise<void> {
  if (folderOnPath("python3") === undefined) throw new Error(`Expected the program python3 on PATH, found none: ${PYTHON_WAY_OUT}.`);
  const options = { limitSeconds: LIMIT_SECONDS, onLine: progress };
  progress("making a virtual environment");
  await run("python3", ["-m", "venv", folder], options);
  progress("fetching packages");
  const pip = ["-m", "pip", "install", "--disable-pip-version-check", "--only-binary", ":all:", "--require-hashes"];
  await run(join(folder, "bin", "python"), [...pip, "-r", requirements], options);
}
