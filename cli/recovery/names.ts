import { basename } from "node:path";
import { sentence } from "../../practice/config/problems.ts";
import type { DatabaseAddress } from "./address.ts";
import type { FolderAddress } from "./folder-address.ts";
import { Misused } from "./misused.ts";
import { type RepositoryAddress, repositoryName, thisMachine } from "./repository-address.ts";

/** A folder's name everywhere: in a store, in a bucket, in a shell. */
const usable = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** Evidence lies under this name, beside the sources. */
const taken = "evidence";

/**
 * What a backup by hand is called: the source after its database or folder, the system after the host it is on, so that two
 * databases of one name on two hosts never lie in one row.
 */
export function namesFor({ host, database, engine }: NamedByHand, asked: { readonly system?: string; readonly source?: string }): { readonly system: string; readonly source: string } {
  return {
    system: named("--system", asked.system ?? (thisMachine.test(host) ? "localhost" : host.replaceAll(":", "-"))),
    source: named("--source", asked.source ?? sourceOf(engine, database)),
  };
}

type NamedByHand = Pick<DatabaseAddress | RepositoryAddress | FolderAddress, "host" | "database" | "engine">;

function sourceOf(engine: NamedByHand["engine"], database: string): string {
  if (engine === "redis") return "redis";
  if (engine === "files") return basename(database);
  return engine === "repository" ? repositoryName(database) : database;
}

function named(option: string, name: string): string {
  if (usable.test(name) && name !== taken) return name;
  throw new Misused(sentence(`a name of letters, digits, dots and dashes for ${option.slice(2)}, not \`${taken}\``, `\`${name}\``, `give it another: \`${option} shop\``));
}
