import type { StoredSource } from "../../handlers/store/backups.ts";
import type { Store } from "../../handlers/store/store.ts";
import { listed, sentence } from "../../practice/config/problems.ts";
import { evidencePrefix } from "../../practice/contract/evidence.ts";
import { manifestKey, sourcePrefix } from "../../practice/contract/store.ts";
import { Misused } from "./misused.ts";

/** What a command line says of whose backups it is about. */
export interface AskedPlace {
  readonly system?: string;
  readonly source?: string;
  readonly stack?: string;
}

/** The stack of backups that were taken by hand, without a stack file. */
export const handTaken = "local";

/** Every source of the store that the command line does not leave out. Nothing: an error that names what there is. */
export async function placesIn(store: Store, { system, source, stack }: AskedPlace): Promise<readonly StoredSource[]> {
  const all = await namesIn(store);
  const meant = all.filter((one) => (system === undefined || one.system === system) && (source === undefined || one.source === source));
  if (meant.length > 0) return Promise.all(meant.map(async (one) => ({ store, ...one, stack: stack ?? await stackOf(store, one.system, one.source) })));
  const there = all.map((one) => `${one.source} of ${one.system}`);
  throw new Misused(there.length === 0
    ? sentence(`backups in ${store.name}`, "none", "look whether it is the right store, or take one: `upkeep backup --help`")
    : sentence(`backups of ${source ?? "a source"}${system === undefined ? "" : ` of ${system}`} in ${store.name}`, `none, but of ${listed(there)}`, "write --source and --system as they are there"));
}

/** The one source that the command line is about. */
export async function onePlaceIn(store: Store, asked: AskedPlace): Promise<StoredSource> {
  const [first, ...others] = await placesIn(store, asked);
  if (first !== undefined && others.length === 0) return first;
  const there = [first, ...others].flatMap((one) => (one === undefined ? [] : [`--system ${one.system} --source ${one.source}`]));
  throw new Misused(sentence("one source", `several in ${store.name}`, `say which: ${listed(there, "or")}`));
}

async function namesIn(store: Store): Promise<readonly { readonly system: string; readonly source: string }[]> {
  const found = new Map<string, { system: string; source: string }>();
  for await (const { key } of store.list("")) {
    // What lies beside the systems is nobody's backup.
    if (key.startsWith(".")) continue;
    const [system = "", second = "", third = ""] = key.split("/");
    const source = key.startsWith(evidencePrefix(system, third)) ? third : second;
    // A backup lies four folders deep, evidence as deep: what lies higher is nobody's.
    if (key.split("/").length >= 6) found.set(`${system}/${source}`, { system, source });
  }
  return [...found.values()];
}

/** As the newest manifest says it: a store is of one stack. */
async function stackOf(store: Store, system: string, source: string): Promise<string> {
  let newest: string | undefined;
  for await (const { key } of store.list(sourcePrefix(system, source))) if (key.endsWith(manifestKey("/"))) newest = key;
  if (newest === undefined) return handTaken;
  try {
    const { stack } = JSON.parse(await store.readText(newest)) as { readonly stack?: unknown };
    return typeof stack === "string" && stack !== "" ? stack : handTaken;
  } catch (error) {
    // No manifest after all: the command itself says of it what is wrong.
    if (error instanceof SyntaxError) return handTaken;
    throw error;
  }
}
