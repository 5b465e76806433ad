import { type ChildProcess, spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { drillEnvironment, toolsFolder } from "../../../practice/contract/environment.ts";
import { evidenceKey, type EvidenceRecord } from "../../../practice/contract/evidence.ts";
import { scheduledTimeVariable, taskExport } from "../../../practice/contract/runner.ts";
import type { S3Server } from "../servers/s3.ts";
import type { TestStore } from "./test-store.ts";
import { withoutSecrets } from "../secrets.ts";

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const bundle = join(root, "dist", "handlers", "drill", "index.mjs");

export interface DrillTask {
  readonly store: TestStore;
  readonly server: S3Server;
  readonly engine: "mongodb" | "postgresql" | "redis";
  /** Of the server beside it. */
  readonly port: number;
  readonly tools: string;
  readonly scheduledAt: Date;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface RunningDrill {
  readonly process: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
}

/** The bundle as a process of its own, with what a task's definition and its state machine give it. */
export function startDrill({ store, server, engine, port, tools, scheduledAt, environment }: DrillTask): RunningDrill {
  const script = `import(${JSON.stringify(pathToFileURL(bundle).href)}).then(({ ${taskExport} }) => ${taskExport}())`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    env: {
      ...server.env,
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
      [drillEnvironment.system]: "campus", [drillEnvironment.stack]: "prod", [drillEnvironment.source]: "accounts",
      [drillEnvironment.bucket]: store.name, [drillEnvironment.engine]: engine, [drillEnvironment.port]: String(port),
      [toolsFolder.name]: tools, [scheduledTimeVariable]: scheduledAt.toISOString(), ...environment,
    },
    timeout: 90_000,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => void (output += chunk.toString()));
  const ended = new Promise<{ readonly code: number | null; readonly output: string }>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
  });
  return { process: child, ended: ended.then((end) => ({ ...end, output: withoutSecrets("what the drill logs", end.output) })) };
}

export const runDrill = (task: DrillTask): RunningDrill["ended"] => startDrill(task).ended;

/** What a drill wrote down; undefined when it left nothing. */
export async function evidenceOf(store: TestStore, scheduledAt: Date): Promise<EvidenceRecord | undefined> {
  const key = evidenceKey({ system: "campus", source: "accounts", level: "restore" }, scheduledAt);
  return await store.facts(key) === undefined ? undefined : JSON.parse(await store.text(key)) as EvidenceRecord;
}
