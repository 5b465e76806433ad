import { scriptsFolder } from "./scripts.ts";

export interface ScriptedPostgresql {
  /** What pg_dump does when it is to dump, as shell. */
  readonly dump: string;
  readonly client?: string;
  readonly server?: string;
  /** What psql does with a question that it was not taught, as shell; the question is $said. Default: it fails. */
  readonly otherwise?: string;
}

/** pg_dump and psql of some version, in front of a database without tables. psql knows the questions that a dump asks, and no other. */
export const scriptedPostgresql = ({ dump, client = "18.1", server = "17.5", otherwise = "" }: ScriptedPostgresql): string => scriptsFolder({
  pg_dump: `if [ "$1" = --version ]; then echo "pg_dump (PostgreSQL) ${client}"; exit; fi\n${dump}`,
  psql: `
answer() {
  case "$said" in
    *"set search_path"*|*"begin isolation level"*) ;;
    *server_version*) echo '"${server} (Debian ${server}-1)"' ;;
    *has_function_privilege*) echo true ;;
    *"from pg_control_system()"*) echo '"7000000000000000001"' ;;
    *pg_export_snapshot*) echo '"00000003-0000001B-1"' ;;
    *"row_to_json(dumped)"*) ;;
    *pg_largeobject_metadata*) echo '{"count":0,"hash":"0"}' ;;
    *server_encoding*) echo '"UTF8"' ;;
    *pg_policy*|*extversion*) ;;
    *) ${otherwise} echo "not taught: $said" >&2; exit 1 ;;
  esac
}
said=
while IFS= read -r line; do
  case "$line" in
    '\\echo '*) answer; echo "\${line#?echo }"; said= ;;
    *) said="$said $line" ;;
  esac
done`,
});
