import { join } from "node:path";
import { rootCertificates } from "node:tls";
import type { PrivateFolder } from "../../programs/private-folder.ts";
import { outputOf, type ProgramCall, toolsEnvironment } from "../../programs/program.ts";
import { redactionOf } from "../../runtime/redaction.ts";
import type { UserCredentials } from "../credentials.ts";

/** A Redis and how to get into it. */
export interface RedisAccess {
  /** A server without users knows `default`; one without a password takes any. */
  readonly credentials: UserCredentials;
  /** Used where the secret names none. */
  readonly defaultPort: number;
  /** Folder with redis-cli. */
  readonly tools: string;
  /** Milliseconds until a server that does not answer is given up. Default: 20,000. */
  readonly answerMilliseconds?: number;
}

/** How redis-cli is called for one server. */
export interface RedisClient {
  /** `host:port` */
  readonly address: string;
  readonly tool: string;
  /** A call that logs in with what `login` says to it. */
  readonly call: (args: readonly string[]) => ProgramCall;
  /** A call that does not log in: its own input must. */
  readonly callWithoutLogin: (args: readonly string[]) => ProgramCall;
  /**
   * The first line of redis-cli's input, which it takes for the password. It offers no file for one, and both an
   * argument and a variable of the environment can be read by others; this pipe is open to the two programs alone.
   */
  readonly login: string;
  /** The answer to one command, a line for each element. Rejects with the server's error. */
  readonly ask: (words: readonly string[]) => Promise<string>;
}

const ANSWER_MILLISECONDS = 20_000;

export async function clientOf({ credentials, defaultPort, tools, answerMilliseconds = ANSWER_MILLISECONDS }: RedisAccess, folder: PrivateFolder, signal: AbortSignal): Promise<RedisClient> {
  const { host, port = defaultPort, username, password, tls = true, caCertificate } = credentials;
  if (/[\n\0]/.test(password)) throw new Error("Expected a password of one line, the secret's has more: redis-cli reads it as one line.");
  // redis-cli looks for authorities where its OpenSSL was built to look, which is nowhere in a Lambda: it gets Node's.
  const encrypted = tls ? ["--tls", "--sni", host, "--cacert", await folder.write("authorities.pem", caCertificate ?? rootCertificates.join("\n"))] : [];
  const file = join(tools, "redis-cli");
  const about = { file, env: { ...toolsEnvironment(tools), HOME: folder.path }, redact: redactionOf([password]) };
  const server = ["-e", "-h", host, "-p", String(port), ...encrypted];
  const call = (args: readonly string[]): ProgramCall => ({ ...about, args: [...server, "--user", username, "--askpass", "--no-auth-warning", ...args] });
  const login = `${password}\n`;
  const address = `${host}:${port}`;

  return {
    address,
    tool: (await outputOf({ ...about, args: ["--version"] }, signal)).trim(),
    call,
    callWithoutLogin: (args) => ({ ...about, args: [...server, ...args] }),
    login,
    ask: async (words) => {
      const limit = AbortSignal.timeout(answerMilliseconds);
      try {
        return (await outputOf(call(words), AbortSignal.any([signal, limit]), login)).trimEnd();
      } catch (error) {
        signal.throwIfAborted();
        if (!limit.aborted) throw error;
        throw new Error(`Expected the Redis at ${address} to answer within ${answerMilliseconds / 1000} s, it did not: nothing answers there, or not ${tls ? "with" : "without"} TLS. `
          + "Open the port for the function, or write \"tls\": false into the secret of a server that has none.", { cause: error });
      }
    },
  };
}
