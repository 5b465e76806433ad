import { DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { InvokeCommand, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { DeleteObjectCommand, GetObjectCommand, ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import { GetScheduleCommand, ListSchedulesCommand } from "@aws-sdk/client-scheduler";
import { DescribeExecutionCommand, ListStateMachinesCommand, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { Alarm } from "../../practice/alerts/alarm.ts";
import { type Evaluated, evaluate } from "../../practice/alerts/evaluate.ts";
import type { BackupOutcome } from "../../practice/contract/events.ts";
import type { BackupManifest } from "../../practice/contract/manifest.ts";
import { backupName, functionNames, scopeName } from "../../practice/contract/names.ts";
import { runIdOf, runPrefix } from "../../practice/contract/store.ts";
import { declaredAlarms, performActions, publishedFor } from "../support/cloud/alarms.ts";
import { CATALOGUE, fillCatalogue } from "../support/cloud/catalogue.ts";
import { type Scratch, useScratch } from "../support/cloud/left-behind.ts";
import { type RunningCloud, startRunningCloud } from "../support/cloud/running-cloud.ts";
import { smallStack } from "../support/cloud/small-stack.ts";
import { within } from "../support/cloud/within.ts";
import type { StateResource } from "../support/engine/state.ts";
import { describeWithParts } from "../support/parts.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 90_000 });

const scope = { system: { name: smallStack.system }, stack: smallStack.stack };
/** To the second, as the scheduler says it. */
const secondsAgo = (seconds: number): string => `${new Date(Date.now() - seconds * 1000).toISOString().slice(0, 19)}Z`;
const EXECUTION_LIMIT_SECONDS = 40;
const MESSAGE_LIMIT_SECONDS = 10;
const END_LIMIT_SECONDS = 10;

describeWithParts("a cloud that runs", ["engine", "s3", "postgresql", "mongo-tools", "mongodb"], () => {
  let scratch: Scratch;
  let cloud: RunningCloud;
  let resources: readonly StateResource[];
  let alarms: readonly Alarm[];
  let evaluated: readonly Evaluated[] = [];
  const tonight = secondsAgo(300);
  const longAgo = secondsAgo(40 * 3600);

  beforeAll(async () => {
    scratch = useScratch();
    cloud = await startRunningCloud();
    await cloud.postgres.sql("create table users as select generate_series(1, 1000) as id");
    await fillCatalogue(cloud.mongo.uri);
  });
  afterAll(async () => {
    try {
      await cloud.stop();
      await within(END_LIMIT_SECONDS, "every process to end", () => (scratch.processes().length === 0 ? true : undefined));
      expect(scratch.files()).toEqual([]);
    } finally {
      scratch.remove();
    }
  });

  const store = (): string => {
    const name = resources.find(({ type }) => type === "aws:s3/bucket:Bucket")?.id;
    if (name === undefined) throw new Error("Expected the stack to have a store.");
    return name;
  };
  /** Every version and marker of every object. */
  const versions = async (): Promise<readonly string[]> => {
    const { Versions = [], DeleteMarkers = [] } = await cloud.clients.s3.send(new ListObjectVersionsCommand({ Bucket: store() }));
    return [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => `${Key} ${VersionId}`).toSorted();
  };
  const keysOf = async (source: string, scheduledTime: string): Promise<readonly string[]> =>
    (await versions()).map((version) => version.split(" ")[0] ?? "").filter((key) => key.startsWith(runPrefix(smallStack.system, source, new Date(scheduledTime))));

  /** As the schedule would: its target, with its input, in which the scheduler puts its own time in place of the attribute. */
  const startBySchedule = async (source: string, scheduledTime: string): Promise<BackupOutcome> => {
    const { Target } = await cloud.clients.scheduler.send(new GetScheduleCommand({ Name: backupName(scope, source) }));
    expect(Target?.Input).toContain("<aws.scheduler.scheduled-time>");
    const { executionArn } = await cloud.clients.sfn.send(new StartExecutionCommand({
      stateMachineArn: Target?.Arn, input: Target?.Input?.replace("<aws.scheduler.scheduled-time>", scheduledTime),
    }));
    const { status, output, error, cause } = await within(EXECUTION_LIMIT_SECONDS, `the backup of ${source} to end`, async () => {
      const run = await cloud.clients.sfn.send(new DescribeExecutionCommand({ executionArn }));
      return run.status === "RUNNING" ? undefined : run;
    });
    expect({ status, error, cause }).toEqual({ status: "SUCCEEDED", error: undefined, cause: undefined });
    return JSON.parse(output ?? "") as BackupOutcome;
  };

  const invokeFunction = async (name: string): Promise<void> => {
    const { FunctionError, Payload } = await cloud.clients.lambda.send(new InvokeCommand({ FunctionName: `${scopeName(scope)}-${name}`, Payload: "{}" }));
    expect({ FunctionError, said: FunctionError === undefined ? "" : Payload?.transformToString() }).toEqual({ FunctionError: undefined, said: "" });
  };

  /** Evaluates the declared alarms by what the emulator measured, and has the emulator act. */
  const look = async (secondsFromNow = 0): Promise<readonly string[]> => {
    const published = await publishedFor(cloud.clients.cloudWatch, alarms);
    evaluated = evaluate({ alarms, published, now: new Date(Date.now() + secondsFromNow * 1000), before: evaluated });
    return performActions(cloud.clients.cloudWatch, alarms, evaluated);
  };
  const stateOf = (name: string): Evaluated | undefined => evaluated.find((one) => one.name === `${scopeName(scope)}-${name}`);

  it("is made by pulumi up", async () => {
    const ended = await cloud.engine.up();
    expect({ exitCode: ended.exitCode, output: ended.exitCode === 0 ? "" : ended.output }).toEqual({ exitCode: 0, output: "" });
    resources = (await cloud.engine.exportStack()).resources;
    alarms = declaredAlarms(resources);
    console.log(`Real, on the emulator:\n  ${cloud.emulated.real.join("\n  ")}\nOnly state:\n  ${cloud.emulated.stateOnly.join("\n  ")}`);
    expect(cloud.emulated.real).toEqual([
      "aws:cloudwatch/compositeAlarm:CompositeAlarm", "aws:cloudwatch/logGroup:LogGroup", "aws:cloudwatch/metricAlarm:MetricAlarm",
      "aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy", "aws:kms/alias:Alias", "aws:kms/key:Key", "aws:lambda/function:Function",
      "aws:s3/bucket:Bucket", "aws:s3/bucketVersioning:BucketVersioning", "aws:scheduler/schedule:Schedule",
      "aws:sfn/stateMachine:StateMachine", "aws:sns/topic:Topic", "aws:sns/topicSubscription:TopicSubscription", "aws:sqs/queue:Queue",
    ]);
  });

  it("is all there when Pulumi looks again", async () => {
    const ended = await cloud.engine.refresh();
    expect(ended.exitCode).toBe(0);
    const after = (await cloud.engine.exportStack()).resources;
    expect(after.map(({ urn, id }) => `${urn} ${id}`)).toEqual(resources.map(({ urn, id }) => `${urn} ${id}`));
  });

  it.each([
    ["accounts", "postgresql", "dump"],
    ["catalogue", "mongodb", "archive.gz"],
  ])("backs %s up when its schedule starts it: dump and manifest lie in the store", async (source, engine, extension) => {
    const outcome = await startBySchedule(source, tonight);
    expect(outcome.outcome).toBe("stored");
    const { Body } = await cloud.clients.s3.send(new GetObjectCommand({ Bucket: store(), Key: outcome.manifestKey }));
    const manifest = JSON.parse(await Body?.transformToString() ?? "") as BackupManifest;
    expect(manifest).toMatchObject({ source, engine, stack: smallStack.stack, runId: runIdOf(new Date(tonight)) });
    expect(manifest.object.key).toMatch(new RegExp(`\\.${extension}$`));
    expect(manifest.object.bytes).toBeGreaterThan(100);
    expect(await keysOf(source, tonight)).toEqual([manifest.object.key, outcome.manifestKey].toSorted());
    if (engine === "mongodb") expect(manifest.counts).toEqual({ [`${CATALOGUE}.courses`]: 2 });
  });

  it("finds nothing wrong: every alarm is OK", async () => {
    await Promise.all([invokeFunction(functionNames.evidence), invokeFunction(functionNames.retention)]);
    await look();
    expect(evaluated.filter(({ state }) => state !== "OK")).toEqual([]);
    expect(evaluated.length).toBeGreaterThan(10);
    // Quiet at first, as the suppressor of its alert wants: then it may speak.
    await look(120);
    expect(stateOf("accounts-age")).toMatchObject({ state: "OK", told: "OK" });
    expect(cloud.subscriber.messages.filter(({ NewStateValue }) => NewStateValue === "ALARM")).toEqual([]);
  });

  it("tells people when the newest backup is too old, with severity, runbook and owner", async () => {
    for (const Key of await keysOf("accounts", tonight)) await cloud.clients.s3.send(new DeleteObjectCommand({ Bucket: store(), Key }));
    expect((await startBySchedule("accounts", longAgo)).outcome).toBe("stored");
    await invokeFunction(functionNames.evidence);

    // Later than the last look, which was at a time of its own.
    await expect(look(180)).resolves.toEqual([]);
    expect(stateOf("accounts-age")).toMatchObject({ state: "ALARM", acts: false, keptQuietBy: "wait" });
    expect(stateOf("catalogue-age")).toMatchObject({ state: "OK" });
    await expect(look(300)).resolves.toEqual([`${scopeName(scope)}-accounts-age ALARM`]);

    const message = await within(MESSAGE_LIMIT_SECONDS, "the message to arrive", () =>
      cloud.subscriber.messages.find(({ NewStateValue }) => NewStateValue === "ALARM"));
    expect(message).toMatchObject({ AlarmName: `${scopeName(scope)}-accounts-age` });
    expect(message.topicArn).toMatch(/:campus-dev-P1$/);
    expect(message.AlarmDescription).toMatch(/^P1: Newest backup of accounts is too old/);
    expect(message.AlarmDescription).toContain(`Runbook: ${smallStack.runbooks}/backup-age`);
    expect(message.AlarmDescription).toContain(`Owner: ${smallStack.owner}`);
    expect(cloud.subscriber.messages.filter(({ NewStateValue }) => NewStateValue === "ALARM")).toHaveLength(1);
  });

  it("changes nothing when the same run is delivered a second time", async () => {
    const before = await versions();
    expect(before.length).toBeGreaterThan(4);
    await expect(startBySchedule("accounts", longAgo)).resolves.toMatchObject({ outcome: "already-stored" });
    await expect(startBySchedule("catalogue", tonight)).resolves.toMatchObject({ outcome: "already-stored" });
    await expect(versions()).resolves.toEqual(before);
  });

  it("leaves its backups when it is retired, and nothing that runs", async () => {
    const before = await versions();
    expect((await cloud.engine.command("state", "unprotect", "--all", "--yes", "--stack", smallStack.stack)).exitCode).toBe(0);
    const ended = await cloud.engine.destroy();
    expect({ exitCode: ended.exitCode, output: ended.exitCode === 0 ? "" : ended.output }).toEqual({ exitCode: 0, output: "" });
    expect(cloud.emulated.real).toEqual(["aws:kms/alias:Alias", "aws:kms/key:Key", "aws:s3/bucket:Bucket", "aws:s3/bucketVersioning:BucketVersioning"]);
    const [{ Functions }, { stateMachines }, { Schedules }, { MetricAlarms, CompositeAlarms }] = await Promise.all([
      cloud.clients.lambda.send(new ListFunctionsCommand({})),
      cloud.clients.sfn.send(new ListStateMachinesCommand({})),
      cloud.clients.scheduler.send(new ListSchedulesCommand({})),
      cloud.clients.cloudWatch.send(new DescribeAlarmsCommand({ AlarmTypes: ["MetricAlarm", "CompositeAlarm"] })),
    ]);
    expect([Functions, stateMachines, Schedules, MetricAlarms, CompositeAlarms].map((list) => list?.length)).toEqual([0, 0, 0, 0, 0]);
    await expect(versions()).resolves.toEqual(before);
  });
});
