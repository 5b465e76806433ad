import type { ServerIdentity } from "../../../practice/contract/manifest.ts";
import { shellWord } from "../dump.ts";
import type { Purpose, RestoreSource } from "../restore.ts";
import { MARK_AS_SCRATCH, scratchMark } from "./scratch-mark.ts";
import type { TargetFacts } from "./target-facts.ts";

export interface Claim {
  readonly purpose: Purpose;
  readonly source: RestoreSource;
  /** The name that the target was to have. */
  readonly asked: string;
  /** Whether the server is thrown away with the database: roles that it lacks are made there. */
  readonly ownServer: boolean;
}

/** Every reason why a database must not be restored into, with the way out; none when there is none. */
export function reasonsAgainst(target: TargetFacts, { purpose, source, asked, ownServer }: Claim): readonly string[] {
  const reasons: string[] = [];
  if (target.database !== asked) {
    reasons.push(`The connection for ${asked} led to the database ${target.database}: a pooler, a service file or the environment sends it elsewhere. Reach the server itself.`);
  }
  if (target.readOnly) reasons.push("It cannot be written: it is a standby, or set to be read only.");
  if (target.template) reasons.push("It is a template: new databases of its server would be copies of what is restored.");
  if (target.found.length > 0) {
    reasons.push(`It is not empty, it has: ${target.found.join(", ")}. Make a new one: createdb --template=template0 <name>.`);
  }
  reasons.push(...(purpose === "scratch" ? againstScratch(target, source) : againstRecovery(target, source)));
  const lacking = Object.entries(source.extensions ?? {}).flatMap(([name, version]) => lackOf(name, version, target.extensions[name]));
  if (lacking.length > 0) reasons.push(`Its server lacks what the dump needs: ${lacking.join(", ")}. Install the packages of these extensions there.`);
  const strangers = ownServer ? [] : rolesLacking(source, target.roles);
  if (strangers.length > 0) {
    reasons.push(`Its server lacks roles that policies or user mappings of the dump name, which no dump has: ${strangers.join(", ")}. Make them there, with login or without: ${strangers.map((role) => `createuser --no-login ${shellWord(role)}`).join("; ")}`);
  }
  return reasons;
}

export const rolesLacking = ({ roles = [] }: RestoreSource, there: readonly string[]): readonly string[] => roles.filter((role) => !there.includes(role));

function againstScratch({ database, server, comment }: TargetFacts, source: RestoreSource): readonly string[] {
  const reasons: string[] = [];
  const place = placeOf(server, source.server);
  if (place === "same") {
    reasons.push(`It is on the server of its source (${source.server?.address}, ${source.server?.id ?? "which does not say what it is"}), or on a copy of it. A scratch database needs a server of its own.`);
  } else if (place === "unknown") reasons.push(`${UNKNOWN_PLACE} A scratch database has to be on another server, and that cannot be seen.`);
  if (server.id === undefined || comment !== scratchMark(database, server.id)) {
    reasons.push(`It is not marked as scratch${comment?.startsWith("upkeep:scratch") === true ? ": its mark is that of another database or server" : ""}. If it may be thrown away, run in it: ${MARK_AS_SCRATCH}`);
  }
  return reasons;
}

/** Beside production, never over it: also not under a name that people would take for it. */
function againstRecovery({ database, server }: TargetFacts, source: RestoreSource): readonly string[] {
  if (database.toLowerCase() !== source.database.toLowerCase()) return [];
  const place = placeOf(server, source.server);
  if (place === "other") return [];
  return [`It has the name of its source, ${source.database}${place === "same" ? ", on the same server." : `. ${UNKNOWN_PLACE}`} Recover into a new name beside it, e.g. ${source.database}_restored.`];
}

const UNKNOWN_PLACE = "Whether it is on the server of its source is not known: one of the two does not say which server it is (its role may not call pg_control_system(), or the backup is older than this check).";

/** Only servers that both say what they are can be told apart: names and addresses lead anywhere. */
function placeOf(target: ServerIdentity, source: ServerIdentity | undefined): "same" | "other" | "unknown" {
  if (source === undefined) return "unknown";
  if (target.id !== undefined && target.id === source.id) return "same";
  if (target.address.toLowerCase() === source.address.toLowerCase() && !isLoopback(target.address)) return "same";
  return target.id === undefined || source.id === undefined ? "unknown" : "other";
}

/** An address that is another machine's on another machine. */
const isLoopback = (address: string): boolean => /^(localhost|127\.[\d.]+|\[?::1\]?|\/.*)?:\d*$/i.test(address);

function lackOf(name: string, needed: string, there: string | undefined): readonly string[] {
  if (there === undefined) return [`extension ${name} ${needed}, which is not there`];
  return isOlder(there, needed) ? [`extension ${name} ${needed}, where ${there} is older`] : [];
}

/** By the numbers that versions begin with; what is not numbers cannot be compared and is let through. */
function isOlder(there: string, needed: string): boolean {
  const [ours, theirs] = [numbersOf(there), numbersOf(needed)];
  if (ours === undefined || theirs === undefined) return false;
  const different = theirs.findIndex((number, place) => number !== (ours[place] ?? 0));
  return different >= 0 && (ours[different] ?? 0) < (theirs[different] ?? 0);
}

const numbersOf = (version: string): readonly number[] | undefined => /^\d+(\.\d+)*/.exec(version)?.[0].split(".").map(Number);
