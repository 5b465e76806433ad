import { existsSync } from "node:fs";
import { join } from "node:path";
import { fillFolder, folderOf, recipes } from "./folder.ts";
import type { Found, Part } from "./part.ts";
import { folderOnPath } from "./programs-on-path.ts";
import { run } from "../process/run-command.ts";

const REQUIREMENTS = "ministack/requirements.txt";
const VERSION = "ministack 1.5.33";
/** Twenty wheels of together 30 MB: half a minute on a good line. */
const LIMIT_SECONDS = 600;
const wayOut = "install Python 3.10 or newer with its venv module (`apt-get install python3-venv` on Debian), then `npm run parts`";

const folder = (): string => folderOf("s3", [REQUIREMENTS], [VERSION]);

export const s3: Part = {
  name: "s3",
  version: VERSION,
  neededBy: "every suite that writes to a store",
  consequence: "no test uploads, locks or expires an object",
  find: (): Found => existsSync(join(folder(), "bin", "python"))
    ? { state: "ready", folder: join(folder(), "bin") }
    : { state: "missing", why: "it was not installed yet", wayOut },
  provide: async (progress) => {
    if (folderOnPath("python3") === undefined) throw new Error(`Expected the program python3 on PATH, found none: ${wayOut}.`);
    await fillFolder(folder(), async (temporary) => {
      const options = { limitSeconds: LIMIT_SECONDS, onLine: progress };
      progress("making a virtual environment");
      await run("python3", ["-m", "venv", temporary], options);
      progress("fetching packages");
      const pip = ["-m", "pip", "install", "--disable-pip-version-check", "--only-binary", ":all:", "--require-hashes"];
      await run(join(temporary, "bin", "python"), [...pip, "-r", join(recipes, REQUIREMENTS)], options);
    });
  },
};
