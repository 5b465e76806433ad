import { programPath } from "../../../tools/parts/programs.ts";
import { freePort } from "./free-port.ts";
import { startGuarded } from "./guarded-server.ts";
import { serverFolder } from "./server-folder.ts";

export interface S3Server {
  /** For `endpoint` of an AWS client, with `forcePathStyle: true`. */
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** The same three as environment variables, for a handler that runs as a process of its own. */
  readonly env: Readonly<Record<string, string>>;
  readonly log: readonly string[];
  readonly stop: () => Promise<void>;
}

const REGION = "eu-central-1";
/** The emulator takes any; a real account would refuse these. */
const CREDENTIALS = { accessKeyId: "test", secretAccessKey: "test" };

/**
 * An empty AWS emulator: S3, Secrets Manager, CloudWatch and more on one endpoint. `settings`: more of its own variables.
 * `port`: default, one that is free.
 */
export async function startS3(settings: Readonly<Record<string, string>> = {}, port?: number): Promise<S3Server> {
  return startAt(port ?? await freePort(), settings);
}

async function startAt(port: number, settings: Readonly<Record<string, string>>): Promise<S3Server> {
  const folder = serverFolder("s3");
  const endpoint = `http://127.0.0.1:${port}`;
  const server = await startGuarded({
    name: "the S3 emulator",
    program: programPath("s3", "python"),
    args: ["-m", "ministack"],
    env: {
      GATEWAY_PORT: String(port),
      BIND_HOST: "127.0.0.1",
      MINISTACK_REGION: REGION,
      S3_DATA_DIR: `${folder}/s3`,
      STATE_DIR: `${folder}/state`,
      TMPDIR: folder,
      PYTHONDONTWRITEBYTECODE: "",
      ...settings,
    },
    folder,
    stopSignal: "TERM",
    // Its own word first: on a port that was taken, somebody else's emulator would answer.
    isReady: async (log) => log.some((line) => line.includes(`available on port ${port}`)) && answers(`${endpoint}/_ministack/health`),
    waitsFor: `an answer from ${endpoint}`,
  });
  const env = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
  };
  return { endpoint, region: REGION, credentials: CREDENTIALS, env, log: server.log, stop: server.stop };
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}
