import type { ServerIdentity } from "../../../practice/contract/manifest.ts";
import { identityOf } from "./identity.ts";
import type { Session } from "./session.ts";

/** What a database says of itself before anything is written to it. */
export interface TargetFacts {
  /** The name it has there, whatever name it was reached by. */
  readonly database: string;
  readonly server: ServerIdentity;
  /** Its comment. */
  readonly comment: string | null;
  /** A standby, or one that is set to be read only. */
  readonly readOnly: boolean;
  /** Each new database of its server may be a copy of it. */
  readonly template: boolean;
  /** The first of what is in it, in PostgreSQL's words, e.g. `table public.users`. */
  readonly found: readonly string[];
  /** Extensions that are installed, or that CREATE EXTENSION would install, and in which version. */
  readonly extensions: Readonly<Record<string, string>>;
  /** Of its server. */
  readonly roles: readonly string[];
}

/** Told in an error; with more nobody reads it. */
const SHOWN = 5;

/** Objects of the server's own have lower numbers, whoever made them. */
const FIRST_OWN_OBJECT = 16384;

/**
 * Relations, functions, types and schemas that are no extension's, and large objects. Indexes and rows' types come with their
 * tables. Publications too, which would send every restored row on to where tables of these names are, and subscriptions.
 */
const FOUND = `
select to_json(identified.type || ' ' || identified.identity) from (
  select 'pg_class'::regclass as class, oid, relnamespace as schema from pg_class where relkind in ('r', 'p', 'v', 'm', 'S', 'f')
  union all select 'pg_proc'::regclass, oid, pronamespace from pg_proc
  union all select 'pg_type'::regclass, oid, typnamespace from pg_type where (typrelid = 0 or exists (select from pg_class c where c.oid = typrelid and c.relkind = 'c')) and typcategory <> 'A'
  union all select 'pg_operator'::regclass, oid, oprnamespace from pg_operator
  union all select 'pg_namespace'::regclass, oid, oid from pg_namespace where nspname not in ('public', 'information_schema')
  union all select 'pg_largeobject'::regclass, oid, 0 from pg_largeobject_metadata
  union all select 'pg_publication'::regclass, oid, 0 from pg_publication
  union all select 'pg_subscription'::regclass, s.oid, 0 from pg_subscription s join pg_database d on d.oid = s.subdbid where d.datname = current_database()
) thing left join pg_namespace n on n.oid = thing.schema, lateral pg_identify_object(thing.class, thing.oid, 0) identified
where (thing.oid >= ${FIRST_OWN_OBJECT} or thing.class = 'pg_largeobject'::regclass) and coalesce(n.nspname, '') !~ '^pg_'
  and not exists (select from pg_depend d where d.classid = thing.class and d.objid = thing.oid and d.deptype = 'e')
limit ${SHOWN + 1}`;

export const rolesOf = (session: Session): Promise<readonly string[]> => session.rows<string>("select to_json(rolname) from pg_roles");

export async function factsOf(session: Session, address: string): Promise<TargetFacts> {
  const [said] = await session.rows<Pick<TargetFacts, "database" | "comment" | "readOnly" | "template">>(`
    select row_to_json(said) from (
      select current_database() as database, shobj_description(oid, 'pg_database') as comment,
        pg_is_in_recovery() or current_setting('default_transaction_read_only')::boolean as "readOnly", datistemplate as template
      from pg_database where datname = current_database()) said`);
  if (said === undefined) throw new Error("Expected the target to tell its name, it told none.");
  const found = await session.rows<string>(FOUND);
  const extensions = await session.rows<{ readonly name: string; readonly version: string }>(
    "select row_to_json(t) from (select name, coalesce(installed_version, default_version) as version from pg_available_extensions) t",
  );
  return {
    ...said,
    server: await identityOf(session, address),
    found: found.length > SHOWN ? [...found.slice(0, SHOWN), "and more"] : found,
    extensions: Object.fromEntries(extensions.map(({ name, version }) => [name, version])),
    roles: await rolesOf(session),
  };
}
