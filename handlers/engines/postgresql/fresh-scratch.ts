import { scratchDatabase, scratchHost, scratchUser } from "../../../practice/contract/scratch.ts";
import { makePrivateFolder } from "../../programs/private-folder.ts";
import { expectFresh } from "../fresh.ts";
import { connectionOf, type PostgresqlDatabase } from "./connection.ts";
import { MARK_AS_SCRATCH } from "./scratch-mark.ts";
import { openSession, type Session } from "./session.ts";

/** The one database of a new server that people use. */
const FIRST_DATABASE = "postgres";

/** Objects of the server's own have lower numbers, whoever made them. */
const FIRST_OWN_OBJECT = 16384;

/**
 * Databases beside the first, tables in it that no extension brought (an image may come with some), and the seconds since
 * the server's files were made, which its identifier begins with.
 */
const STATE = `select json_build_object(
  'holds', (select coalesce(json_agg(thing), '[]') from (
    select 'the database ' || datname as thing from pg_database where not datistemplate and datname <> '${FIRST_DATABASE}'
    union all select 'the table ' || oid::regclass from pg_class c where relkind in ('r', 'p') and oid >= ${FIRST_OWN_OBJECT}
      and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')) things),
  'ageSeconds', (select extract(epoch from clock_timestamp()) - (system_identifier >> 32) from pg_control_system()))`;

/** Makes a scratch database on the server beside this drill, marks it, and says how to get into it. Refuses a server that is not new and empty. */
export async function freshPostgresql({ port, tools }: { readonly port: number; readonly tools: string }, signal: AbortSignal): Promise<PostgresqlDatabase> {
  const address = `${scratchHost}:${port}`;
  // No password: the server asks whoever is in the task for none. Nor TLS, on an address that leaves no machine.
  const credentials = { host: scratchHost, port, username: scratchUser, environment: { PGSSLMODE: "disable" } };
  const databaseNamed = (database: string): PostgresqlDatabase => ({ credentials, database, defaultPort: port, tools });
  const within = async (database: string, work: (session: Session) => Promise<void>): Promise<void> => {
    const folder = await makePrivateFolder();
    try {
      const session = await openSession({ tools, env: await connectionOf(databaseNamed(database), folder), redact: (text) => text, signal });
      try {
        await work(session);
      } finally {
        await session.close();
      }
    } finally {
      await folder.remove();
    }
  };
  await within(FIRST_DATABASE, async (session) => {
    const [state] = await session.rows<{ readonly holds: readonly string[]; readonly ageSeconds: number }>(STATE);
    if (state === undefined) throw new Error(`Expected the server at ${address} to say what it holds, it does not.`);
    expectFresh(address, state);
    await session.run(`create database ${scratchDatabase} template template0;`);
  });
  await within(scratchDatabase, (session) => session.run(MARK_AS_SCRATCH));
  return { ...databaseNamed(scratchDatabase), ownServer: true };
}
