import { connect } from "node:net";
import { programPath } from "../../../tools/parts/programs.ts";
import { newPassword } from "../secrets.ts";
import { freePort } from "./free-port.ts";
import { startGuarded } from "./guarded-server.ts";
import { serverFolder } from "./server-folder.ts";

export interface MongoServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Where the user is defined. */
  readonly authDatabase: string;
  /** With user and password: for test code, not for a command line that others can read. */
  readonly uri: string;
  readonly log: readonly string[];
  readonly stop: () => Promise<void>;
}

const HOST = "127.0.0.1";
const USER = "upkeep";
const AUTH_DATABASE = "admin";

/** A new server that speaks MongoDB's protocol and knows one user, who logs in by SCRAM. */
export async function startMongo(): Promise<MongoServer> {
  const folder = serverFolder("mongodb");
  const port = await freePort();
  const password = newPassword();
  const server = await startGuarded({
    name: "FerretDB",
    program: programPath("mongodb", "ferretdb"),
    args: [
      "--handler=sqlite", `--sqlite-url=file:${folder}/`, `--state-dir=${folder}`,
      `--listen-addr=${HOST}:${port}`, "--debug-addr=-", "--telemetry=disable", "--log-level=info",
      "--test-enable-new-auth", `--setup-database=${AUTH_DATABASE}`, `--setup-username=${USER}`, `--setup-password=${password}`,
    ],
    folder,
    stopSignal: "TERM",
    isReady: () => accepts(port),
    waitsFor: `a connection to ${HOST}:${port}`,
  });
  const uri = `mongodb://${USER}:${password}@${HOST}:${port}/?authSource=${AUTH_DATABASE}`;
  return { host: HOST, port, user: USER, password, authDatabase: AUTH_DATABASE, uri, log: server.log, stop: server.stop };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, HOST);
    const settle = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1_000, () => settle(false));
    socket.once("connect", () => settle(true));
    socket.once("error", () => settle(false));
  });
}
