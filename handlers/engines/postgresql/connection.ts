import type { PrivateFolder } from "../../programs/private-folder.ts";
import { toolsEnvironment } from "../../programs/program.ts";
import type { OwnAccess, UserCredentials } from "../credentials.ts";

/** A database and how to get into it. */
export interface PostgresqlDatabase {
  readonly credentials: UserCredentials | OwnAccess;
  readonly database: string;
  /** Used where the secret names none. */
  readonly defaultPort: number;
  /** Folder with pg_dump and psql. */
  readonly tools: string;
  /** Only of a server that ends with this program: what a dump needs of its server may be made there. */
  readonly ownServer?: true;
}

/** Seconds until a server that does not answer is given up. */
const CONNECT_SECONDS = 20;

/**
 * More of a connection string, where the rest is in the environment: asks a server that has said nothing for a minute
 * whether it is still there. Networks drop connections that are silent for some minutes, and while one table is counted
 * nothing is said.
 */
export const LIVE_CONNECTION = "keepalives_idle=60 keepalives_interval=10 keepalives_count=6";

/**
 * All of the connection as libpq's environment, the password as a file of its own. Encrypted by default, but the
 * server proves itself only where the secret brings the certificate to verify it with: RDS signs with authorities that
 * no system knows, and a default that demands them would fail on every database whose secret RDS wrote.
 */
export async function connectionOf({ credentials, database, defaultPort, tools }: PostgresqlDatabase, folder: PrivateFolder): Promise<Readonly<Record<string, string>>> {
  const reached = {
    ...toolsEnvironment(tools),
    PGHOST: credentials.host,
    PGPORT: String(credentials.port ?? defaultPort),
    PGDATABASE: database,
    PGAPPNAME: "upkeep",
  };
  const connectTimeout = { PGCONNECT_TIMEOUT: String(CONNECT_SECONDS) };
  if ("environment" in credentials) {
    const { username, password, environment } = credentials;
    return {
      ...connectTimeout, ...environment, ...reached,
      ...(username === undefined ? {} : { PGUSER: username }),
      ...(password === undefined ? {} : { PGPASSFILE: await passwordFile(password, folder) }),
    };
  }
  const { username, password, sslmode, caCertificate } = credentials;
  const certificate = caCertificate === undefined ? {} : { PGSSLROOTCERT: await folder.write("authorities.pem", caCertificate) };
  return {
    ...reached,
    ...connectTimeout,
    PGUSER: username,
    PGPASSFILE: await passwordFile(password, folder),
    PGSSLMODE: sslmode ?? (caCertificate === undefined ? "require" : "verify-full"),
    ...certificate,
    // libpq looks for more settings there; this is a folder in which there are none.
    HOME: folder.path,
  };
}

const passwordFile = (password: string, folder: PrivateFolder): Promise<string> =>
  folder.write("password", `*:*:*:*:${password.replaceAll(/[\\:]/g, String.raw`\$&`)}\n`);

/** Where that connection goes, as people write it. */
export const addressOf = (env: Readonly<Record<string, string>>): string => `${env["PGHOST"] ?? ""}:${env["PGPORT"] ?? ""}`;

/** The part that no output may show. Of a password in the person's own file nobody here knows. */
export const secretsOf = ({ password }: UserCredentials | OwnAccess): readonly string[] => (password === undefined ? [] : [password]);
