import { DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { DeleteObjectCommand, GetObjectCommand } from "@aws-sdk/client-s3";
import { GetScheduleCommand, ListSchedulesCommand } from "@aws-sdk/client-scheduler";
import { PutSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { ListStateMachinesCommand } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { partsOf } from "../../preview/engine/urn.ts";
import type { BackupManifest } from "../../practice/contract/manifest.ts";
import { backupName, functionNames, scopeName } from "../../practice/contract/names.ts";
import { runIdOf } from "../../practice/contract/store.ts";
import { commandBuilt } from "../support/built.ts";
import { scope, secondsAgo } from "../support/cloud/at-work.ts";
import { CATALOGUE, fillCatalogue } from "../support/cloud/catalogue.ts";
import { type DeployedStack, deployedStack } from "../support/cloud/deployed-stack.ts";
import { askDoctor } from "../support/cloud/doctor.ts";
import { type Scratch, useScratch } from "../support/cloud/left-behind.ts";
import { publishTools } from "../support/cloud/network.ts";
import { type RunningCloud, startRunningCloud } from "../support/cloud/running-cloud.ts";
import { smallStack } from "../support/cloud/small-stack.ts";
import { within } from "../support/cloud/within.ts";
import { describeWithParts } from "../support/parts.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 90_000 });

const MESSAGE_LIMIT_SECONDS = 10;
const END_LIMIT_SECONDS = 10;

describeWithParts("a cloud that runs", ["engine", "s3", "postgresql", "mongo-tools", "mongodb"], () => {
  let scratch: Scratch;
  let cloud: RunningCloud;
  let stack: DeployedStack;
  const tonight = secondsAgo(300);
  /** Soon enough for a backup that is daily, too late for one that is made twice a day. */
  const longAgo = secondsAgo(20 * 3600);

  beforeAll(async () => {
    // Before: the compiler stays with this process until it ends.
    await commandBuilt();
    scratch = useScratch();
    cloud = await startRunningCloud();
    stack = deployedStack(cloud);
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

  it("before it is made, upkeep doctor names what it lacks, and finds its names free", async () => {
    const { exitCode, rows, text } = await askDoctor(cloud);
    expect({ exitCode, problems: rows.filter((row) => row.startsWith("problem")) }, text).toEqual({ exitCode: 1, problems: ["problem tools layer: there is no arn:aws:lambda:eu-central-1:"] });
    expect(text.replaceAll(/\s/g, "")).toContain(`thereisno${smallStack.toolsLayer}`);
    expect(rows).toEqual(expect.arrayContaining([
      "ok credentials: account 000000000000, eu-central-1", "ok names of functions: 6 free", "ok names of state machines: 2 free", "ok names of key aliases: 2 free",
      expect.stringMatching(/^unknown deployed: not yet/),
    ]));
    await publishTools(cloud.clients.lambda);
  });

  it("is made by pulumi up", async () => {
    await stack.up();
    console.log(`Real, on the emulator:\n  ${cloud.emulated.real.join("\n  ")}\nOnly state:\n  ${cloud.emulated.stateOnly.join("\n  ")}`);
    expect(cloud.emulated.real).toEqual([
      "aws:cloudwatch/compositeAlarm:CompositeAlarm", "aws:cloudwatch/logGroup:LogGroup", "aws:cloudwatch/metricAlarm:MetricAlarm", "aws:ec2/securityGroup:SecurityGroup",
      "aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy", "aws:kms/alias:Alias", "aws:kms/key:Key", "aws:lambda/function:Function",
      "aws:s3/bucket:Bucket", "aws:s3/bucketVersioning:BucketVersioning", "aws:scheduler/schedule:Schedule",
      "aws:sfn/stateMachine:StateMachine", "aws:sns/topic:Topic", "aws:sns/topicSubscription:TopicSubscription", "aws:sqs/queue:Queue",
    ]);
  });

  it("is all there when Pulumi looks again", async () => {
    const ended = await cloud.engine.refresh();
    expect(ended.exitCode).toBe(0);
    const after = (await cloud.engine.exportStack()).resources;
    expect(after.map(({ urn, id }) => `${urn} ${id}`)).toEqual(stack.resources().map(({ urn, id }) => `${urn} ${id}`));
  });

  it.each([
    ["accounts", "postgresql", "dump"],
    ["catalogue", "mongodb", "archive.gz"],
  ])("backs %s up when its schedule starts it: dump and manifest lie in the store", async (source, engine, extension) => {
    const outcome = await stack.startBySchedule(source, tonight);
    expect(outcome.outcome).toBe("stored");
    const { Body } = await cloud.clients.s3.send(new GetObjectCommand({ Bucket: stack.store(), Key: outcome.manifestKey }));
    const manifest = JSON.parse(await Body?.transformToString() ?? "") as BackupManifest;
    expect(manifest).toMatchObject({ source, engine, stack: smallStack.stack, runId: runIdOf(new Date(tonight)) });
    expect(manifest.object.key).toMatch(new RegExp(`\\.${extension}$`));
    expect(manifest.object.bytes).toBeGreaterThan(100);
    expect(await stack.keysOf(source, tonight)).toEqual([manifest.object.key, outcome.manifestKey].toSorted());
    if (engine === "mongodb") expect(manifest.counts).toEqual({ [`${CATALOGUE}.courses`]: 2 });
  });

  it("finds nothing wrong: every alarm is OK", async () => {
    await Promise.all([stack.invoke(functionNames.evidence), stack.invoke(functionNames.retention)]);
    await stack.look();
    expect(stack.all().filter(({ state }) => state !== "OK")).toEqual([]);
    expect(stack.all().length).toBeGreaterThan(10);
    // Quiet at first, as the suppressor of its alert wants: then it may speak.
    await stack.look(120);
    expect(stack.stateOf("accounts-age")).toMatchObject({ state: "OK", told: "OK" });
    expect(stack.raised()).toEqual([]);
  });

  it("is found sound by upkeep doctor: what it needs is there, and what is there is its own", async () => {
    const { exitCode, rows, text } = await askDoctor(cloud);
    expect({ exitCode, amiss: rows.filter((row) => !row.startsWith("ok ")) }, text).toEqual({ exitCode: 0, amiss: [] });
    expect(rows).toEqual(expect.arrayContaining([
      "ok names of functions: 6 there, this stack's", "ok names of state machines: 2 there, this stack's", "ok names of schedules: 8 there, this stack's",
      "ok names of queues: 6 there, this stack's", "ok names of topics: 4 there, this stack's", "ok names of key aliases: 2 there, this stack's",
      "ok names of security groups: 1 there, this stack's", "ok deployed: yes", expect.stringContaining(`ok store in eu-central-1: ${stack.store()}`),
      "ok P1 is told: desk", "ok schedules: 8 are enabled", expect.stringMatching(/^ok newest backup of accounts: 0\.\d hours old$/), "ok alarms: none is raised",
    ]));
  });

  it("changes what one changed line is about, and nothing else", async () => {
    for (const Key of await stack.keysOf("accounts", tonight)) await cloud.clients.s3.send(new DeleteObjectCommand({ Bucket: stack.store(), Key }));
    expect((await stack.startBySchedule("accounts", longAgo)).outcome).toBe("stored");
    await stack.invoke(functionNames.evidence);
    await stack.look(180);
    expect(stack.stateOf("accounts-age")).toMatchObject({ state: "OK" });

    cloud.engine.edit(`Pulumi.${smallStack.stack}.yaml`, (text) => text.replace(`every: ${smallStack.accountsEvery}`, "every: every 12 hours"));
    const { steps } = await stack.up();
    const changed = steps.map(({ op, urn }) => `${op} ${partsOf(urn).type}`).filter((step) => step.includes(" aws:"));
    expect(changed.toSorted()).toEqual([
      "update aws:cloudwatch/compositeAlarm:CompositeAlarm", "update aws:cloudwatch/metricAlarm:MetricAlarm", "update aws:scheduler/schedule:Schedule",
    ]);
    const [{ MetricAlarms, CompositeAlarms }, { ScheduleExpression }] = await Promise.all([
      cloud.clients.cloudWatch.send(new DescribeAlarmsCommand({ AlarmNamePrefix: `${scopeName(scope)}-accounts-age`, AlarmTypes: ["MetricAlarm", "CompositeAlarm"] })),
      cloud.clients.scheduler.send(new GetScheduleCommand({ Name: backupName(scope, "accounts") })),
    ]);
    expect([MetricAlarms?.map(({ Threshold }) => Threshold), ScheduleExpression]).toEqual([[14 * 3600], "rate(12 hours)"]);
    expect(CompositeAlarms?.map(({ AlarmDescription }) => AlarmDescription)).toEqual([expect.stringContaining("14 hours")]);
  });

  it("tells people when the newest backup is too old, with severity, runbook and owner", async () => {
    // Later than the last look, which was at a time of its own.
    await expect(stack.look(240)).resolves.toEqual([]);
    expect(stack.stateOf("accounts-age")).toMatchObject({ state: "ALARM", acts: false, keptQuietBy: "wait" });
    expect(stack.stateOf("catalogue-age")).toMatchObject({ state: "OK" });
    await expect(stack.look(400)).resolves.toEqual([`${scopeName(scope)}-accounts-age ALARM`]);

    const message = await within(MESSAGE_LIMIT_SECONDS, "the message to arrive", () => stack.raised()[0]);
    expect(message).toMatchObject({ AlarmName: `${scopeName(scope)}-accounts-age` });
    expect(message.topicArn).toMatch(/:campus-dev-P1$/);
    expect(message.AlarmDescription).toMatch(/^P1: Newest backup of accounts is too old/);
    expect(message.AlarmDescription).toContain(`Runbook: ${smallStack.runbooks}/backup-age`);
    expect(message.AlarmDescription).toContain(`Owner: ${smallStack.owner}`);
    expect(stack.raised()).toHaveLength(1);
  });

  it("changes nothing when the same run is delivered a second time", async () => {
    const before = await stack.versions();
    expect(before.length).toBeGreaterThan(4);
    await expect(stack.startBySchedule("accounts", longAgo)).resolves.toMatchObject({ outcome: "already-stored" });
    await expect(stack.startBySchedule("catalogue", tonight)).resolves.toMatchObject({ outcome: "already-stored" });
    await expect(stack.versions()).resolves.toEqual(before);
  });

  it("tells people at once when a backup fails: by what AWS publishes of an execution", async () => {
    const before = stack.raised().length;
    await cloud.clients.secrets.send(new PutSecretValueCommand({ SecretId: smallStack.secrets.accounts, SecretString: JSON.stringify({ username: cloud.postgres.user, password: "wrong", host: cloud.postgres.host, port: cloud.postgres.port, sslmode: "disable" }) }));
    expect(await stack.execute("accounts", secondsAgo(60))).toMatchObject({ status: "FAILED", cause: expect.stringContaining("password") as string });
    expect(stack.stateOf("accounts-failed")).toMatchObject({ state: "OK" });
    await expect(stack.look(500)).resolves.toEqual([`${scopeName(scope)}-accounts-failed ALARM`]);
    const message = await within(MESSAGE_LIMIT_SECONDS, "the message to arrive", () => stack.raised()[before]);
    expect(message).toMatchObject({ AlarmName: `${scopeName(scope)}-accounts-failed` });
    expect(message.AlarmDescription).toContain(`Runbook: ${smallStack.runbooks}/backup-failed`);
    const { exitCode, text } = await askDoctor(cloud);
    expect(exitCode, text).toBe(1);
    expect(text.replaceAll(/\s+/g, " ")).toContain("problem alarms raised: campus-dev-accounts-failed, campus-dev-accounts-age");
  });

  it("leaves its backups when it is retired, and nothing that runs", async () => {
    const before = await stack.versions();
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
    await expect(stack.versions()).resolves.toEqual(before);
  });
});
