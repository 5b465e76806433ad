import { fileURLToPath } from "node:url";
import { buildCli } from "../../tools/build/cli.ts";
import { buildHandlers } from "../../tools/build/handlers.ts";
import { builtVariable } from "../../tools/test/built.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** Of `npm test`, which builds first. Whoever runs one file by himself means what he has written since he built. */
const isBuilt = (): boolean => process.env[builtVariable] === repository;

/** The bundles of functions, tasks and hosts are those of the sources. */
export async function handlersBuilt(): Promise<void> {
  if (!isBuilt()) await buildHandlers(repository);
}

/** The command is compiled as `npm ci` does it. */
export async function commandBuilt(): Promise<void> {
  if (!isBuilt()) await buildCli(repository);
}
