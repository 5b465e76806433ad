import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { toolsFolder } from "../../practice/contract/environment.ts";
import { listed } from "../../practice/config/problems.ts";
import type { BackupEngine } from "../../practice/contract/manifest.ts";
import { Misused } from "./misused.ts";

/** What is done with a database here: each way needs its own programs. */
export type Doing = "dump" | "restore" | "decode";

const needed: { readonly [Engine in BackupEngine]: { readonly [Way in Doing]: readonly string[] } } = {
  postgresql: { dump: ["pg_dump", "psql"], restore: ["pg_restore", "psql"], decode: ["pg_restore"] },
  mongodb: { dump: ["mongodump"], restore: ["mongorestore"], decode: [] },
  redis: { dump: ["redis-cli"], restore: ["redis-cli"], decode: [] },
  files: { dump: [], restore: [], decode: [] },
  configuration: { dump: [], restore: [], decode: [] },
  repository: { dump: [], restore: [], decode: [] },
  "postgresql-export": { dump: ["psql"], restore: [], decode: [] },
  "mongodb-export": { dump: [], restore: [], decode: [] },
};

const packages: { readonly [Engine in BackupEngine]: string } = {
  postgresql: "Debian and Ubuntu have them in postgresql-client, Homebrew in libpq",
  mongodb: "MongoDB calls them Database Tools, Homebrew mongodb-database-tools",
  redis: "Debian and Ubuntu have it in redis-tools, Homebrew in redis",
  files: "",
  configuration: "",
  repository: "",
  "postgresql-export": "Debian and Ubuntu have it in postgresql-client, Homebrew in libpq",
  "mongodb-export": "",
};

/** The folder with the official programs of an engine: what UPKEEP_TOOLS names, else the first in PATH that has them all. */
export function programsFolder(engine: BackupEngine, doing: Doing, environment: Readonly<Record<string, string | undefined>>): string {
  const programs = needed[engine][doing];
  const named = environment[toolsFolder.name] ?? "";
  const folders = named === "" ? (environment["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "") : [named];
  const found = folders.find((folder) => programs.every((program) => isProgram(join(folder, program))));
  if (found !== undefined) return found;
  if (programs.length === 0) return toolsFolder.default;
  const where = named === "" ? "one folder of PATH" : `${toolsFolder.name} (${named})`;
  throw new Misused(`Expected ${listed(programs)} in ${where}, ${programs.length === 1 ? "it is not there" : "they are not all there"}. ${packages[engine]}; ${toolsFolder.name} names another folder.`);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
