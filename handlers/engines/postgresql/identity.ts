import type { ServerIdentity } from "../../../practice/contract/manifest.ts";
import type { Session } from "./session.ts";

/**
 * A server names itself by the number that its data was made with. Its standbys, and what was made from its base backups
 * and snapshots, have the same: to this project they are one server.
 */
export async function identityOf(session: Session, address: string): Promise<ServerIdentity> {
  const [mayAsk] = await session.rows<boolean>("select to_json(has_function_privilege('pg_catalog.pg_control_system()', 'execute'))");
  if (mayAsk !== true) return { address };
  const [id] = await session.rows<string>("select to_json(system_identifier::text) from pg_control_system()");
  return { address, ...(id === undefined ? {} : { id }) };
}
