import { DeleteObjectCommand, ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import type { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { CreateQueueCommand } from "@aws-sdk/client-sqs";
import { runBackup } from "../../../handlers/backup/run.ts";
import { runEvidence } from "../../../handlers/evidence/run.ts";
import { gaugePublisher } from "../../../handlers/runtime/metrics.ts";
import { parseSources } from "../../../handlers/store/sources.ts";
import type { AlarmState, Published } from "../../../practice/alerts/alarm.ts";
import { evaluate } from "../../../practice/alerts/evaluate.ts";
import { type EvidenceRecord, evidenceKey } from "../../../practice/contract/evidence.ts";
import type { DrillEngine } from "../../../practice/contract/scratch.ts";
import { jobAt } from "../handlers/dumps.ts";
import { storeIn, type TestStore } from "../handlers/test-store.ts";
import { everySetting } from "../everything.ts";
import { declareStack, type DeclaredStack } from "../iam/declared-stack.ts";
import { freePort } from "../servers/free-port.ts";
import { declaredAlarms } from "./alarms.ts";
import { assembled, emulatedAws } from "./assembly.ts";
import { type DeclaredMachine, startDeclaredMachine } from "./declared-machine.ts";
import { drilledSources } from "./drilled-source.ts";
import { behind, type Fate, fateIn, packed } from "./fate.ts";
import { publishedByAws } from "./published-by-aws.ts";
import { startScratchContainer } from "./scratch-container.ts";

/** Alerts about a source that a drill can raise, by what their names end in. */
const watched = ["corrupted", "failed-drill", "unstarted-drill", "unverified-restore"] as const;

const EVIDENCE_EVERY_MILLISECONDS = 900_000;

export interface DrillMachine extends DeclaredMachine {
  readonly store: TestStore;
  /** Of the program that restores. */
  readonly restoring: Fate;
  /** Whether the image beside the next tasks starts a server, or ends at once. */
  readonly beside: (is: "a server" | "nothing") => void;
  /** A real backup of the database as it is, by the suite's programs or by others. */
  readonly backUp: (scheduledTime: string, tools?: string) => Promise<void>;
  readonly evidenceOf: (scheduledTime: string) => Promise<EvidenceRecord | undefined>;
  /** Names of the raised alerts, without the stack's and the source's: by all that was published since the last `forget`. */
  readonly raised: () => Promise<readonly string[]>;
  /** What people get to read of one. */
  readonly told: (alert: (typeof watched)[number]) => string;
  /** An empty store, of which nothing was ever published. */
  readonly forget: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** The declared drill of one database on the emulator, from its schedule to its alarms. */
export const startDrillMachine = (engine: DrillEngine): Promise<DrillMachine> => assembled(async (assembly) => {
  const stack = await stackOf(engine);
  const aws = await emulatedAws(assembly);
  const production = await assembly.started(drilledSources[engine]());
  const { source } = production;
  const restoring = fateIn(assembly.folder("drill"), "restoring");
  let isBeside = true;
  const machine = await startDeclaredMachine(assembly, aws, {
    stack, name: `campus-${source}-drill`, handler: "drill",
    tools: packed(Object.fromEntries(Object.entries(production.programs).map(([name, path], index) => [name, behind(index === 0 ? restoring.shell : ":", path)]))),
    functions: [{ name: `campus-${source}-verify`, handler: "verify" }],
    servers: async (container) => (isBeside ? startScratchContainer(container) : { port: await freePort(), stop: () => Promise.resolve() }),
  });
  const { s3 } = aws.clients;
  await aws.clients.sqs.send(new CreateQueueCommand({ QueueName: stack.the("aws:sqs/queue:Queue", `campus-${source}-drill`).inputs["name"] as string }));
  const store = storeIn(s3, machine.bucket);
  const alarms = alarmsOf(stack, source, machine.here);
  let since = new Date();

  return {
    ...machine, store, restoring,
    beside: (is) => void (isBeside = is === "a server"),
    backUp: async (scheduledTime, tools) => void await runBackup(jobAt(scheduledTime, { source, engine, database: production.database, stack: "test" }), {
      store, attempt: "one", now: () => new Date(), signal: new AbortController().signal, runner: "lambda", openDump: production.openDump(tools),
    }),
    evidenceOf: async (scheduledTime) => {
      const key = evidenceKey({ system: "campus", source, level: "restore" }, new Date(scheduledTime));
      return await store.facts(key) === undefined ? undefined : JSON.parse(await store.text(key)) as EvidenceRecord;
    },
    raised: async () => {
      // Two runs of evidence, as an alarm on a gauge wants them.
      const [now, later] = [new Date(), new Date(Date.now() + EVIDENCE_EVERY_MILLISECONDS)];
      const ofExecutions = (await publishedByAws(aws.clients, alarms.map(({ alarm }) => alarm))).filter(({ at }) => at >= since);
      const published = [...ofExecutions, ...await measured(stack, store, now), ...await measured(stack, store, later)];
      const evaluated = evaluate({ alarms: alarms.map(({ alarm }) => alarm), published, now: later });
      const state = (name: string): AlarmState | undefined => evaluated.find((one) => one.name === name)?.state;
      return alarms.flatMap(({ alarm, alert }) => (alert !== undefined && state(alarm.name) === "ALARM" ? [alert] : [])).toSorted();
    },
    told: (alert) => alarms.find((one) => one.alert === alert)?.description ?? "",
    forget: async () => {
      const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: machine.bucket, Prefix: "campus/" }));
      for (const { Key, VersionId } of [...Versions, ...DeleteMarkers]) await s3.send(new DeleteObjectCommand({ Bucket: machine.bucket, Key, VersionId }));
      since = new Date();
    },
  };
});

/** The stack that has everything drills two of its databases; its MongoDB is too large. */
function stackOf(engine: DrillEngine): Promise<DeclaredStack> {
  const { databases } = everySetting();
  const { catalogue, accounts } = databases;
  if (engine !== "mongodb" || catalogue === undefined || accounts === undefined) return declareStack();
  return declareStack({ databases: { ...databases, catalogue: { ...catalogue, sizeGiB: 4, verify: accounts.verify } } });
}

/** The alerts that a test asks about, each as the alarm that speaks for it, and what those rest on. */
function alarmsOf(stack: DeclaredStack, source: string, here: (text: string) => string) {
  const declared = JSON.parse(here(JSON.stringify(stack.resources))) as DeclaredStack["resources"];
  return declaredAlarms(declared).flatMap((alarm) => {
    const named = watched.find((ending) => alarm.name === `campus-test-${source}-${ending}`);
    const isBelow = watched.some((ending) => alarm.name.startsWith(`campus-test-${source}-${ending}-`)) || alarm.name.startsWith("campus-test-evidence-silent");
    if (named === undefined && !isBelow) return [];
    const description = declared.find(({ inputs: { name, alarmName } }) => [name, alarmName].includes(alarm.name))?.inputs["alarmDescription"];
    return [{ alarm, ...(named === undefined ? {} : { alert: named, description: String(description) }) }];
  });
}

/** What evidence measures at a time, as CloudWatch would get it. */
async function measured(stack: DeclaredStack, store: TestStore, at: Date): Promise<readonly Published[]> {
  const { environment: { variables } } = stack.the("aws:lambda/function:Function", "campus-evidence").inputs as { readonly environment: { readonly variables: Readonly<Record<string, string>> } };
  const published: Published[] = [];
  const cloudWatch = {
    send: ({ input }: PutMetricDataCommand) => {
      for (const { MetricName = "", Value = Number.NaN, Dimensions = [], Timestamp = new Date(0) } of input.MetricData ?? []) {
        published.push({ namespace: input.Namespace ?? "", metric: MetricName, dimensions: Object.fromEntries(Dimensions.map(({ Name = "", Value: value = "" }) => [Name, value])), at: Timestamp, value: Value });
      }
      return Promise.resolve({});
    },
  } as unknown as CloudWatchClient;
  const job = { system: "campus", stack: "test", sources: parseSources("UPKEEP_SOURCES", variables["UPKEEP_SOURCES"] ?? "") };
  const now = (): Date => at;
  await runEvidence(job, { store, publish: gaugePublisher(cloudWatch, job, now), now, signal: new AbortController().signal });
  return published;
}
