import { existsSync } from "node:fs";
import { join } from "node:path";
import { fillFolder, folderOf, recipes } from "./folder.ts";
import type { Found, Part } from "./part.ts";
import { makeVenv, PYTHON_WAY_OUT } from "./python-venv.ts";

const REQUIREMENTS = "ministack/requirements.txt";
const VERSION = "ministack 1.5.33";

const folder = (): string => folderOf("s3", [REQUIREMENTS], [VERSION]);

export const s3: Part = {
  name: "s3",
  version: VERSION,
  neededBy: "every suite that writes to a store",
  consequence: "no test uploads, locks or expires an object",
  find: (): Found => existsSync(join(folder(), "bin", "python"))
    ? { state: "ready", folder: join(folder(), "bin") }
    : { state: "missing", why: "it was not installed yet", wayOut: PYTHON_WAY_OUT },
  provide: (progress) => fillFolder(folder(), (temporary) => makeVenv(temporary, join(recipes, REQUIREMENTS), progress)),
};
