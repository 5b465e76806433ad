import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { buildCli } from "./build/cli.ts";
import { buildDeclarations } from "./build/declarations.ts";
import { buildHandlers } from "./build/handlers.ts";
import { buildLibrary } from "./build/library.ts";
import { partsLine, sizeLine } from "./build/output.ts";
import { buildPolicies } from "./build/policies.ts";

/** Builds everything that is run from JavaScript. `--types` adds the library's declarations. */
const root = dirname(dirname(fileURLToPath(import.meta.url)));

const [cli, ...others] = await Promise.all([buildCli(root), buildHandlers(root), buildPolicies(root), buildLibrary(root)]);
for (const file of others.flat()) console.log(sizeLine(file, root));
console.log(partsLine(cli, "cli/dist"));
if (process.argv.includes("--types")) buildDeclarations(root);
