import type { PrivateFolder } from "../../programs/private-folder.ts";
import { toolsEnvironment } from "../../programs/program.ts";
import type { UserCredentials } from "../credentials.ts";

/** A database and how to get into it. */
export interface PostgresqlDatabase {
  readonly credentials: UserCredentials;
  readonly database: string;
  /** Used where the secret names none. */
  readonly defaultPort: number;
  /** Folder with pg_dump and psql. */
  readonly tools: string;
}

/** Seconds until a server that does not answer is given up. */
const CONNECT_SECONDS = 20;

/**
 * All of the connection as libpq's environment, the password as a file of its own. Encrypted by default, but the
 * server proves itself only where the secret brings the certificate to verify it with: RDS signs with authorities that
 * no system knows, and a default that demands them would fail on every database whose secret RDS wrote.
 */
export async function connectionOf({ credentials, database, defaultPort, tools }: PostgresqlDatabase, folder: PrivateFolder): Promise<Readonly<Record<string, string>>> {
  const { host, port, username, password, sslmode, caCertificate } = credentials;
  const certificate = caCertificate === undefined ? {} : { PGSSLROOTCERT: await folder.write("authorities.pem", caCertificate) };
  return {
    ...toolsEnvironment(tools),
    PGHOST: host,
    PGPORT: String(port ?? defaultPort),
    PGUSER: username,
    PGDATABASE: database,
    PGPASSFILE: await folder.write("password", `*:*:*:*:${password.replaceAll(/[\\:]/g, String.raw`\$&`)}\n`),
    PGSSLMODE: sslmode ?? (caCertificate === undefined ? "require" : "verify-full"),
    ...certificate,
    PGCONNECT_TIMEOUT: String(CONNECT_SECONDS),
    PGAPPNAME: "upkeep",
    // libpq looks for more settings there; this is a folder in which there are none.
    HOME: folder.path,
  };
}
