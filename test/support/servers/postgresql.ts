import { execFile } from "node:child_process";
import { chownSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { programPath } from "../../../tools/parts/programs.ts";
import { newPassword } from "../secrets.ts";
import { freePort } from "./free-port.ts";
import { startGuarded } from "./guarded-server.ts";
import { serverFolder } from "./server-folder.ts";
import { type Account, unprivilegedAccount } from "./unprivileged-account.ts";

export interface PostgresServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Exists from the start, empty. */
  readonly database: string;
  readonly log: readonly string[];
  /** Runs statements with psql; gives rows as lines, columns parted by `|`. */
  readonly sql: (statements: string, database?: string) => Promise<string>;
  readonly stop: () => Promise<void>;
}

const execute = promisify(execFile);
const HOST = "127.0.0.1";
const USER = "upkeep";
/** initdb makes it; a database of one's own costs 0.1 s more, and tests that want one create it. */
const DATABASE = "postgres";
const INITDB_LIMIT_MILLISECONDS = 60_000;
const SQL_LIMIT_MILLISECONDS = 60_000;

/** A new PostgreSQL with one superuser who logs in by SCRAM. Its data is not synced to disk. */
export async function startPostgres(): Promise<PostgresServer> {
  const account = unprivilegedAccount();
  const folder = serverFolder("postgresql", account);
  const password = newPassword();
  const data = join(folder, "data");
  await initialise(folder, data, password, account);
  return serve({ folder, data, password, account });
}

/** A new one as the official image starts it beside a drill: it asks whoever reaches its port for no password. */
export async function startTrustingPostgres(port?: number): Promise<PostgresServer> {
  const account = unprivilegedAccount();
  const folder = serverFolder("postgresql", account);
  const data = join(folder, "data");
  await initialise(folder, data, undefined, account);
  return serve({ folder, data, password: "", account, user: "postgres", ...(port === undefined ? {} : { port }) });
}

/** A standby that follows a server, with its user and password. `select pg_promote()` makes it a server of its own. */
export async function startStandbyOf({ host, port, user, password }: PostgresServer): Promise<PostgresServer> {
  const account = unprivilegedAccount();
  const folder = serverFolder("postgresql", account);
  const data = join(folder, "data");
  const args = ["--pgdata", data, "--write-recovery-conf", "--checkpoint=fast", "--no-sync", "--host", host, "--port", String(port), "--username", user];
  try {
    await execute(programPath("postgresql", "pg_basebackup"), args, { ...account, cwd: folder, env: { ...process.env, PGPASSWORD: password }, timeout: INITDB_LIMIT_MILLISECONDS });
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  return serve({ folder, data, password, account });
}

interface Served {
  /** Removed when the server has stopped. */
  readonly folder: string;
  readonly data: string;
  readonly password: string;
  readonly account: Account | undefined;
  readonly user?: string;
  /** Default: one that is free. */
  readonly port?: number;
}

async function serve({ folder, data, password, account, user = USER, port: asked }: Served): Promise<PostgresServer> {
  const port = asked ?? await freePort();
  const settings = {
    listen_addresses: HOST,
    port: String(port),
    unix_socket_directories: "",
    fsync: "off",
    shared_buffers: "16MB",
    lc_messages: "C",
  };
  const server = await startGuarded({
    name: "PostgreSQL",
    program: programPath("postgresql", "postgres"),
    args: ["-D", data, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])],
    folder,
    stopSignal: "INT",
    ...(account ? { account } : {}),
    isReady: (log) => log.some((line) => /database system is ready to accept (read[ -]only )?connections/.test(line)),
    waitsFor: "the line that it is ready to accept connections",
  });
  const sql = async (statements: string, database = DATABASE): Promise<string> => {
    const args = ["-X", "-qAt", "-v", "ON_ERROR_STOP=1", "-h", HOST, "-p", String(port), "-U", user, "-d", database, "-c", statements];
    const { stdout } = await execute(programPath("postgresql", "psql"), args, {
      env: { ...process.env, PGPASSWORD: password },
      timeout: SQL_LIMIT_MILLISECONDS,
    });
    return stdout.trimEnd();
  };
  return { host: HOST, port, user, password, database: DATABASE, log: server.log, sql, stop: server.stop };
}

/** Without a password for a server that asks for none. */
async function initialise(folder: string, data: string, password: string | undefined, account: Account | undefined): Promise<void> {
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, password ?? "", { mode: 0o600 });
  if (account) chownSync(passwordFile, account.uid, account.gid);
  const access = password === undefined ? ["-U", "postgres", "-A", "trust"] : ["-U", USER, "-A", "scram-sha-256", `--pwfile=${passwordFile}`];
  const args = ["-D", data, ...access, "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"];
  try {
    await execute(programPath("postgresql", "initdb"), args, { ...account, cwd: folder, timeout: INITDB_LIMIT_MILLISECONDS });
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}
