/**
 * What the comment of a scratch database has to be. It names database and server, so that it goes with neither a renamed
 * database, nor a dump that carries comments along, nor a copy of the whole server.
 */
export const scratchMark = (database: string, serverId: string): string => `upkeep:scratch ${database} on ${serverId}`;

/** Marks the database that it is run in as one that may be thrown away. Its owner may run it. */
export const MARK_AS_SCRATCH = "do $$ begin execute format('comment on database %I is %L', current_database(), "
  + `'${scratchMark("' || current_database() || '", "' || (select system_identifier from pg_control_system()) || '")}'); end $$;`;
