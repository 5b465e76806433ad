import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { programPath } from "../../../tools/parts/programs.ts";
import { newPassword } from "../secrets.ts";
import { freePort } from "./free-port.ts";
import { startGuarded } from "./guarded-server.ts";
import { serverFolder } from "./server-folder.ts";

export interface RedisServer {
  readonly host: string;
  readonly port: number;
  /** May do everything; the default user is off, so that nothing works without a login. */
  readonly user: string;
  readonly password: string;
  readonly log: readonly string[];
  /** Runs one command with redis-cli; gives its raw answer, one line per element. An error of the server rejects. */
  readonly command: (...words: readonly string[]) => Promise<string>;
  readonly stop: () => Promise<void>;
}

export interface RedisOptions {
  /** More lines of redis.conf. */
  readonly settings?: readonly string[];
  /** PEM files. The port then speaks TLS alone, and clients need no certificate of their own. Default: plain text. */
  /** Default: true, with the default user off. */
  readonly users?: boolean;
  readonly tls?: { readonly certificate: string; readonly key: string; readonly authority: string };
}

const execute = promisify(execFile);
const HOST = "127.0.0.1";
const USER = "upkeep";
const COMMAND_LIMIT_MILLISECONDS = 30_000;

/** A new, empty Redis with one user of every right. It keeps nothing on disk of its own accord. */
export const startRedis = (options: RedisOptions = {}): Promise<RedisServer> => start(serverFolder("redis"), options);

/** One that starts from a snapshot, as a person's does. */
export function loadRedis(snapshot: Uint8Array): Promise<RedisServer> {
  const folder = serverFolder("redis");
  writeFileSync(join(folder, "dump.rdb"), snapshot);
  return start(folder, {});
}

async function start(folder: string, { tls, users = true, settings: more = [] }: RedisOptions): Promise<RedisServer> {
  const port = await freePort();
  const password = newPassword();
  const configuration = join(folder, "redis.conf");
  writeFileSync(configuration, configurationOf({ folder, port, password, users, settings: more, ...(tls && { tls }) }), { mode: 0o600 });
  const server = await startGuarded({
    name: "Redis",
    program: programPath("redis", "redis-server"),
    args: [configuration],
    folder,
    stopSignal: "TERM",
    isReady: (log) => log.some((line) => line.includes("Ready to accept connections")),
    waitsFor: "the line that it is ready to accept connections",
  });
  const secure = tls ? ["--tls", "--cacert", tls.authority] : [];
  const command = async (...words: readonly string[]): Promise<string> => {
    const { stdout } = await execute(
      programPath("redis", "redis-cli"),
      ["-e", "--raw", "--no-auth-warning", "-h", HOST, "-p", String(port), ...(users ? ["--user", USER] : []), ...secure, ...words],
      { env: { ...process.env, ...(users ? { REDISCLI_AUTH: password } : {}) }, timeout: COMMAND_LIMIT_MILLISECONDS },
    );
    return stdout.trimEnd();
  };
  return { host: HOST, port, user: USER, password, log: server.log, command, stop: server.stop };
}

function configurationOf({ folder, port, password, tls, users, settings = [] }: RedisOptions & { readonly folder: string; readonly port: number; readonly password: string }): string {
  const listen = tls
    ? ["port 0", `tls-port ${port}`, `tls-cert-file ${tls.certificate}`, `tls-key-file ${tls.key}`, `tls-ca-cert-file ${tls.authority}`, "tls-auth-clients no"]
    : [`port ${port}`];
  return [
    `bind ${HOST}`, ...listen, `dir ${folder}`, 'save ""', "appendonly no",
    // A copy starts at once; by default the server waits five seconds for more replicas to come.
    "repl-diskless-sync-delay 0",
    ...(users === true ? ["user default off", `user ${USER} on >${password} ~* &* +@all`] : []), ...settings, "",
  ].join("\n");
}
