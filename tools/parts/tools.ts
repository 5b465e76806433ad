import { existsSync } from "node:fs";
import { join } from "node:path";
import { buildTools } from "../layer/build.ts";
import { BIN } from "../layer/contents.ts";
import { postgresql, redis } from "../layer/sources.ts";
import { fillFolder, folderOf } from "./folder.ts";
import type { Found, Part } from "./part.ts";

/** All that decides the content: what is fetched, and how it is compiled. */
const RECIPE = [
  "mongo-tools/go.mod", "mongo-tools/go.sum", "mongo-tools.ts",
  ...["sources", "compile", "postgresql", "redis", "build", "contents", "versions", "licences", "build-needs"].map((name) => `../layer/${name}.ts`),
];

const VERSION = `clients of ${postgresql.name} ${postgresql.version} and ${redis.name} ${redis.version}, MongoDB tools`;

/** Holds what the layer's zip will hold. */
export const toolsRoot = (): string => folderOf("tools", RECIPE, []);

/** The very programs of the Lambda layer, for tests that run them against servers. */
export const tools: Part = {
  name: "tools",
  version: VERSION,
  neededBy: "the programs of the tools layer",
  consequence: "no test runs the programs that dump in Lambda",
  find: (): Found => existsSync(toolsRoot())
    ? { state: "ready", folder: join(toolsRoot(), BIN) }
    : { state: "missing", why: "it was not built yet", wayOut: "`npm run parts` builds it, where there are a C compiler and static libraries; it names what is missing" },
  provide: (progress) => fillFolder(toolsRoot(), (temporary) => buildTools(temporary, progress)),
};
