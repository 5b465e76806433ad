import type { Contents } from "../../../practice/contract/manifest.ts";
import type { Content } from "../dump.ts";
import { countsOfEmptied, measureContents } from "./contents.ts";
import type { Session } from "./session.ts";
import { dumpedTables, lockTables } from "./tables.ts";

/** A moment of a database that other connections can read too, as long as the session that took it is open. */
export interface HeldSnapshot {
  /** What pg_dump is told. */
  readonly id: string;
  /** How many tables nobody can alter before it is given up. */
  readonly lockedTables: number;
  /** What the database held in that moment. Call it once. */
  readonly measure: () => Promise<Partial<Contents>>;
}

export async function holdSnapshot(session: Session, content: Content, major: number): Promise<HeldSnapshot> {
  await session.run(BEGIN);
  const [id] = await session.rows<string>("select to_json(pg_export_snapshot())");
  if (id === undefined) throw new Error("Expected the name of a snapshot from the server, it gave none.");
  const tables = await dumpedTables(session, major);
  const measuring = { session, tables: tables.filter(({ parent }) => !parent), major };
  if (content === "off") return { id, lockedTables: 0, measure: () => countsOfEmptied(measuring) };
  await lockTables(session, tables);
  return { id, lockedTables: tables.length, measure: () => measureContents(measuring) };
}

/** What is in a database now, in one moment of its own. */
export async function contentsNow(session: Session, major: number): Promise<Contents> {
  await session.run(BEGIN);
  const tables = await dumpedTables(session, major);
  await lockTables(session, tables);
  const contents = await measureContents({ session, tables: tables.filter(({ parent }) => !parent), major });
  await session.run("commit;");
  return contents;
}

const BEGIN = "begin isolation level repeatable read read only;";
