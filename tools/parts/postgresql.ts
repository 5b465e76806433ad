import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { installPackages } from "./debian-packages.ts";
import type { Found, Part } from "./part.ts";
import { folderOnPath } from "./programs-on-path.ts";

/** Debian keeps server programs off PATH, one folder per major version. */
const DEBIAN = "/usr/lib/postgresql";
const NEEDED = ["initdb", "postgres", "psql", "pg_dump", "pg_restore"] as const;
const OLDEST_MAJOR = 15;
const wayOut = "`apt-get install postgresql` on Debian (as root: `npm run parts -- --install`), then run again";

export const postgresql: Part = {
  name: "postgresql",
  version: `PostgreSQL ${OLDEST_MAJOR} or newer`,
  neededBy: "backup and restore of PostgreSQL",
  consequence: "no test dumps a PostgreSQL database",
  find,
  provide: (progress) => installPackages(["postgresql"], "PostgreSQL's server and clients", wayOut, progress),
};

function find(): Found {
  const folder = [...debianFolders(), folderOnPath("initdb")].find(isComplete);
  if (folder !== undefined) return { state: "ready", folder };
  return { state: "missing", why: `no folder holds ${NEEDED.join(", ")}`, wayOut };
}

const isComplete = (folder: string | undefined): folder is string =>
  folder !== undefined && NEEDED.every((program) => existsSync(join(folder, program)));

/** Newest first: a client refuses a server that is newer than itself. */
function debianFolders(): readonly string[] {
  if (!existsSync(DEBIAN)) return [];
  return readdirSync(DEBIAN)
    .map(Number)
    .filter((major) => major >= OLDEST_MAJOR)
    .toSorted((a, b) => b - a)
    .map((major) => join(DEBIAN, String(major), "bin"));
}
