import type { ServerIdentity } from "../../../practice/contract/manifest.ts";
import { NotATarget, type Purpose, type RestoreSource } from "../restore.ts";
import { type Names, signsOfOneServer } from "../same-server.ts";
import { type Found, howToMark, howToMarkAgain, MARK } from "./scratch-mark.ts";

/** A target as it was found. */
export interface Target {
  /** As people call it. */
  readonly name: string;
  readonly database: string;
  readonly server: ServerIdentity;
  /** Whether it is reached through a router of a sharded cluster. */
  readonly routed: boolean;
  readonly found: Found;
}

/** Databases of the server itself. */
const RESERVED = new Set(["admin", "config", "local"]);
const NAMED_COLLECTIONS = 5;

/** Throws `NotATarget` with every reason there is. */
export async function expectTarget(target: Target, purpose: Purpose, source: RestoreSource, names: Names): Promise<void> {
  const signs = source.server === undefined ? [] : await signsOfOneServer(target.server, source.server, names);
  const reasons = [
    ...(RESERVED.has(target.database.toLowerCase()) ? [`${target.database} is a database of the server itself`] : []),
    ...notEmpty(target.found),
    ...(purpose === "scratch" ? againstScratch(target, source, signs) : againstRecovery(target, source, signs)),
  ];
  if (reasons.length === 0) return;
  const wayOut = purpose === "scratch" ? wayToScratch(target, reasons) : "Name a new database: people switch to it when it has been looked at.";
  throw new NotATarget(`Expected ${target.name} to be ${purpose === "scratch" ? "a scratch database" : "a new, empty database"}, it is not: ${reasons.join("; ")}. ${wayOut}`);
}

/** Nobody is told to throw away what may be anything else than the rest of an earlier restore. */
const wayToScratch = ({ database, found }: Target, reasons: readonly string[]): string =>
  (found.isMarked && reasons.length === 1 && notEmpty(found).length === 1 ? howToMarkAgain(database) : howToMark(database));

function notEmpty({ collections }: Found): readonly string[] {
  if (collections.length === 0) return [];
  const more = collections.length - NAMED_COLLECTIONS;
  return [`it holds ${collections.slice(0, NAMED_COLLECTIONS).join(", ")}${more > 0 ? ` and ${more} more` : ""}`];
}

function againstScratch({ found, routed }: Target, { server }: RestoreSource, signs: readonly string[]): readonly string[] {
  return [
    ...(found.marks === 0 ? [`it is not marked by a document in ${MARK}`] : []),
    ...(found.marks > 0 && !found.isMarked ? [`${MARK} should hold one document with markedBy and markedAt, it holds ${found.marks === 1 ? "another" : "more"}`] : []),
    ...(server === undefined ? ["the backup does not say which server its source is on, a newer one does"] : []),
    ...signs.map((sign) => `it is on the server of its source: ${sign}`),
    ...(routed && signs.length === 0 ? ["it is reached through a router (mongos), which does not say of which cluster: it may be its source's"] : []),
  ];
}

function againstRecovery({ database, found, routed }: Target, source: RestoreSource, signs: readonly string[]): readonly string[] {
  const unknown = source.server === undefined ? ", and the backup does not say on which server that is" : ", and its router (mongos) does not say of which cluster it is";
  const mayBeOne = source.server === undefined || routed || signs.length > 0;
  return [
    ...(found.marks > 0 ? [`it is marked as scratch by ${MARK}, and is thrown away some day`] : []),
    // Names of databases that differ only in their case cannot be on one server.
    ...(mayBeOne && database.toLowerCase() === source.database.toLowerCase()
      ? [`it has the name of its source${signs.length === 0 ? unknown : ` on the same server: ${signs.join(", ")}`}`]
      : []),
  ];
}
