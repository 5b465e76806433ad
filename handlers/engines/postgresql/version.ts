import type { Session } from "./session.ts";

/** As the server says it, e.g. `15.18 (Debian 15.18-0+deb12u1)`. */
export async function versionOf(session: Session): Promise<string> {
  const [version] = await session.rows<string>("select to_json(current_setting('server_version'))");
  if (version === undefined) throw new Error("Expected the server to tell its version, it told none.");
  return version;
}

/** Of `pg_dump (PostgreSQL) 18.6` and of `15.18 (Debian 15.18-0+deb12u1)`. */
export function majorOf(version: string): number {
  const major = /(?:^|\) )(\d+)/.exec(version)?.[1];
  if (major === undefined) throw new Error(`Expected a version such as 18.6, got ${JSON.stringify(version)}.`);
  return Number(major);
}
