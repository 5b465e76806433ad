import { existsSync } from "node:fs";
import { join } from "node:path";
import { installPackages } from "./debian-packages.ts";
import type { Found, Part } from "./part.ts";
import { folderOnPath } from "./programs-on-path.ts";

const NEEDED = ["redis-server", "redis-cli", "redis-check-rdb"] as const;
const wayOut = "`apt-get install redis-server` on Debian (as root: `npm run parts -- --install`), then run again";

/** Whatever the machine has: the test that needs a certain version asks the server for it. */
export const redis: Part = {
  name: "redis",
  version: "Redis, the machine's own",
  neededBy: "backup and restore of Redis",
  consequence: "no test takes a copy of a Redis database",
  find,
  provide: (progress) => installPackages(["redis-server"], "Redis's server and its programs", wayOut, progress),
};

function find(): Found {
  const folder = folderOnPath("redis-server");
  if (folder !== undefined && NEEDED.every((program) => existsSync(join(folder, program)))) return { state: "ready", folder };
  return { state: "missing", why: `no folder on PATH holds ${NEEDED.join(", ")}`, wayOut };
}
