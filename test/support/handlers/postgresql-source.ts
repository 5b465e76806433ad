import type { PostgresqlDatabase } from "../../../handlers/engines/postgresql/connection.ts";
import type { UserCredentials } from "../../../handlers/engines/credentials.ts";
import { programFolder } from "../parts.ts";
import type { PostgresServer } from "../servers/postgresql.ts";

export interface ReachedPostgresql extends PostgresqlDatabase {
  readonly credentials: UserCredentials;
}

/** A database of a test's server, as a secret would lead to it. */
export const databaseOf = (server: PostgresServer, database = server.database, changed: Partial<UserCredentials> = {}): ReachedPostgresql => ({
  credentials: { username: server.user, password: server.password, host: server.host, port: server.port, sslmode: "disable", ...changed },
  database, defaultPort: 5432, tools: programFolder("postgresql"),
});
