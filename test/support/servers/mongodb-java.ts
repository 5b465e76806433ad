import { delimiter, join } from "node:path";
import { programFolder } from "../../../tools/parts/programs.ts";
import { freePort } from "./free-port.ts";
import { startGuarded } from "./guarded-server.ts";
import { serverFolder } from "./server-folder.ts";

export interface JavaMongoServer {
  readonly host: string;
  readonly port: number;
  /** Nobody has to log in. */
  readonly uri: string;
  readonly stop: () => Promise<void>;
}

const HOST = "127.0.0.1";

/** A new, empty server in memory that keeps the indexes of a restore. It knows no users, no views and no capped collections. */
export async function startJavaMongo(): Promise<JavaMongoServer> {
  const part = programFolder("mongo-java");
  const port = await freePort();
  const server = await startGuarded({
    name: "mongo-java-server",
    program: "java",
    args: ["-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", [join(part, "*"), part].join(delimiter), "Main", String(port)],
    folder: serverFolder("mongodb-java"),
    stopSignal: "TERM",
    isReady: (log) => log.includes("listening"),
    waitsFor: "its line that it is listening",
  });
  return { host: HOST, port, uri: `mongodb://${HOST}:${port}/`, stop: server.stop };
}
