import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { buildCli } from "./build/cli.ts";
import { buildDeclarations } from "./build/declarations.ts";
import { buildHandlers } from "./build/handlers.ts";
import { buildLibrary } from "./build/library.ts";
import { sizeLine } from "./build/output.ts";
import { buildPolicies } from "./build/policies.ts";

/** Builds everything that is run from JavaScript. `--types` adds the library's declarations. */
const root = dirname(dirname(fileURLToPath(import.meta.url)));

const built = await Promise.all([buildHandlers(root), buildPolicies(root), buildCli(root), buildLibrary(root)]);
for (const file of built.flat()) console.log(sizeLine(file, root));
if (process.argv.includes("--types")) buildDeclarations(root);
