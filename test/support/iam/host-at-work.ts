import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateLogGroupCommand, CreateLogStreamCommand, CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { zipSync } from "fflate";
import { expect, onTestFinished } from "vitest";
import { backUpHost } from "../../../handlers/backup/host.ts";
import { startFaultyProxy } from "../handlers/faulty-proxy.ts";
import { HostMachine } from "../handlers/host-machine.ts";
import { scriptedPostgresql } from "../handlers/scripted-postgresql.ts";
import { makeStore, settingsOf, type TestStore } from "../handlers/test-store.ts";
import type { S3Server } from "../servers/s3.ts";
import { type Call, callsOf } from "./call.ts";
import { type Recorder, recorderAt } from "./recorder.ts";
import { secretName } from "./stage.ts";

/** The machine's sources: a database with a secret, and a folder. */
export const onHost = { database: "bookings", files: "disk" } as const;

/** All that a machine calls: its script, by the AWS CLI, and after that the program, which makes runs, meets itself, and fails half way. */
export async function hostAtWork(server: S3Server, logGroup: string): Promise<{ readonly calls: readonly Call[]; readonly store: string }> {
  const logs = new CloudWatchLogsClient(settingsOf(server));
  await logs.send(new CreateLogGroupCommand({ logGroupName: logGroup }));
  for (const logStreamName of Object.values(onHost)) await logs.send(new CreateLogStreamCommand({ logGroupName: logGroup, logStreamName }));
  const [recorder, store] = [recorderAt(server), await makeStore(server)];
  const common = { AWS_REGION: "eu-central-1", UPKEEP_SYSTEM: "campus", UPKEEP_STACK: "test", UPKEEP_STORE_BUCKET: store.name, UPKEEP_SIZE_GIB: "1", UPKEEP_TIME_ZONE: "Europe/Berlin", UPKEEP_LOG_GROUP: logGroup };
  const scripts = await Promise.all(Object.values(onHost).map((source) => scriptAtWork({ ...common, UPKEEP_SOURCE: source, UPKEEP_LOG_STREAM: source })));
  await backUpDatabase(recorder, store, common);
  await backUpFolder(server, recorder, store, common);
  return { calls: [...scripts.flat(), ...recorder.calls], store: store.name };
}

/** Fetches the bundle and the programs and runs what it fetched, then finds no Node.js and writes that to the log. */
async function scriptAtWork(environment: Readonly<Record<string, string>>): Promise<readonly Call[]> {
  const folder = temporary();
  const [bundle, program] = [join(folder, "index.mjs"), join(folder, "pg_dump")];
  writeFileSync(bundle, "export const host = () => console.log('the bundle runs');");
  writeFileSync(program, "#!/bin/sh\n", { mode: 0o755 });
  const machine = new HostMachine(bundle, [program]);
  onTestFinished(() => machine.dispose());
  await expect(machine.run(machine.script(environment)).ended).resolves.toMatchObject({ code: 0, stdout: "the bundle runs\n" });
  await expect(machine.run(machine.script(environment, "/no/such/node")).ended).resolves.toMatchObject({ code: 1 });
  return machine.read("asked").trim().split("\n").flatMap(callsOfCli);
}

function callsOfCli(line: string): readonly Call[] {
  const option = (name: string): string => {
    const value = new RegExp(`--${name} (\\S+)`).exec(line)?.[1];
    if (value === undefined) throw new Error(`Expected --${name} in a call of the AWS CLI, got ${line}.`);
    return value;
  };
  if (line.startsWith("s3api get-object ")) return callsOf("GetObjectCommand", { Bucket: option("bucket"), Key: option("key"), VersionId: option("version-id") });
  if (line.startsWith("logs put-log-events ")) return callsOf("PutLogEventsCommand", { logGroupName: option("log-group-name"), logStreamName: option("log-stream-name") });
  throw new Error(`Expected a call of the AWS CLI whose permissions are written down, got ${line}. Add what AWS asks for it.`);
}

type Environment = Readonly<Record<string, string>>;

const runOf = (recorder: Recorder, env: Environment, endpoint?: string): ReturnType<typeof backUpHost> =>
  backUpHost({ env, s3: recorder.s3(endpoint), secrets: recorder.secrets, logs: recorder.logs, now: () => new Date() }, new AbortController().signal);

/** Two at once, one that finds the run made, and one that fails with its upload under way. */
async function backUpDatabase(recorder: Recorder, store: TestStore, common: Environment): Promise<void> {
  const at = (hour: number, code: number): Environment => ({
    ...common, UPKEEP_SOURCE: onHost.database, UPKEEP_LOG_STREAM: onHost.database, UPKEEP_ENGINE: "postgresql", UPKEEP_DATABASE: "bookings",
    UPKEEP_SECRET: secretName, UPKEEP_PORT: "5432", UPKEEP_SCHEDULE: `cron(0 ${hour} * * ? *)`, UPKEEP_TOOLS_ARCHIVE: programs(code),
  });
  await Promise.all([1, 2].map(() => runOf(recorder, at(2, 0))));
  await expect(runOf(recorder, at(2, 0))).resolves.toMatchObject({ outcome: "already-stored" });
  await expect(runOf(recorder, at(1, 1))).rejects.toThrow("exit code 1");
  await expect(store.unfinished()).resolves.toEqual([]);
}

async function backUpFolder(server: S3Server, recorder: Recorder, store: TestStore, common: Environment): Promise<void> {
  const folder = temporary();
  // Random bytes do not compress: the archive has parts.
  writeFileSync(join(folder, "large"), randomBytes(40_000_000));
  const at = (hour: number): Environment => ({
    ...common, UPKEEP_SOURCE: onHost.files, UPKEEP_LOG_STREAM: onHost.files, UPKEEP_ENGINE: "files", UPKEEP_DATABASE: folder, UPKEEP_SCHEDULE: `cron(0 ${hour} * * ? *)`,
  });
  await expect(runOf(recorder, at(2))).resolves.toMatchObject({ outcome: "stored" });
  const proxy = await startFaultyProxy(server.endpoint, ({ method, path }) => (method === "PUT" && path.includes("partNumber=2") ? { status: 403, code: "AccessDenied" } : "pass"));
  onTestFinished(() => proxy.stop());
  await expect(runOf(recorder, at(1), proxy.endpoint)).rejects.toThrow("injected");
  await expect(store.unfinished()).resolves.toEqual([]);
}

/** Large enough for parts, and of a program that ends as it is told; packed as it is deployed. */
function programs(code: number): string {
  const folder = scriptedPostgresql({ dump: `head -c 17000000 /dev/zero; exit ${code}` });
  const archive = join(temporary(), "tools.zip");
  writeFileSync(archive, zipSync(Object.fromEntries(readdirSync(folder).map((name) =>
    [`bin/${name}`, [readFileSync(join(folder, name)), { os: 3, attrs: 0o100755 * 2 ** 16 }]] as const))));
  return archive;
}

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), "host-at-work-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
