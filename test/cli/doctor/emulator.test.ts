import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import {
  AssociateRouteTableCommand, CreateRouteCommand, CreateRouteTableCommand, CreateSecurityGroupCommand, CreateSubnetCommand, CreateVpcCommand,
  CreateVpcEndpointCommand, DescribeRouteTablesCommand, EC2Client, ModifyVpcAttributeCommand,
} from "@aws-sdk/client-ec2";
import { CreateClusterCommand, DeregisterTaskDefinitionCommand, ECSClient, RegisterTaskDefinitionCommand } from "@aws-sdk/client-ecs";
import { CreateAliasCommand, CreateKeyCommand, KMSClient, ScheduleKeyDeletionCommand } from "@aws-sdk/client-kms";
import { CreateFunctionCommand, LambdaClient, PublishLayerVersionCommand } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Account } from "../../../cli/doctor/account.ts";
import { ACCOUNT, type AskedEmulator, emptyZip, REGION, startAskedEmulator } from "../../support/asked-emulator.ts";
import { putBackup } from "../../support/handlers/backups.ts";
import { putRecord } from "../../support/handlers/evidence.ts";
import { makeStore, type TestStore } from "../../support/handlers/test-store.ts";
import { describeWithParts } from "../../support/parts.ts";

describeWithParts("the doctor's questions, asked of an emulator of AWS", ["s3"], () => {
  let emulator: AskedEmulator;
  let account: Account;
  let settings: AskedEmulator["settings"];
  beforeAll(async () => {
    emulator = await startAskedEmulator();
    ({ account, settings } = emulator);
  });
  afterAll(() => emulator.stop());

  it("whose account it is", async () => {
    await expect(account.number(REGION)).resolves.toBe(ACCOUNT);
  });

  it("a secret: not there, without a host, as the backup needs it, and under a key of one's own", async () => {
    const secrets = new SecretsManagerClient(settings);
    const key = `arn:aws:kms:${REGION}:${ACCOUNT}:key/0f1e2d3c`;
    const put = (Name: string, value: object, KmsKeyId?: string) => secrets.send(new CreateSecretCommand({ Name, SecretString: JSON.stringify(value), KmsKeyId }));
    await put("no-host", { username: "u", password: "hunter2" });
    await put("whole", { username: "u", password: "hunter2", host: "db.example" }, key);

    await expect(account.secret({ name: "nope" })).resolves.toBeUndefined();
    const { wrong } = await account.secret({ name: "no-host" }) ?? {};
    expect(wrong).toContain("host is missing or wrong");
    expect(wrong).not.toContain("hunter2");
    await expect(account.secret({ name: "no-host", host: "db.example" })).resolves.toEqual({});
    await expect(account.secret({ name: "whole" })).resolves.toEqual({ key });
    // A repository's holds a token, and nothing that a database's does.
    await put("token", { token: "ghp_hunter2" });
    await expect(account.secret({ name: "token", of: "repository" })).resolves.toEqual({});
    const { wrong: noToken } = await account.secret({ name: "whole", of: "repository" }) ?? {};
    expect(noToken).toContain("token is missing or wrong");
    expect(noToken).not.toContain("hunter2");
    await expect(account.keyState(key)).resolves.toBeUndefined();
  });

  it("a network: what is in which VPC, and where its traffic goes", async () => {
    const ec2 = new EC2Client(settings);
    const VpcId = (await ec2.send(new CreateVpcCommand({ CidrBlock: "10.7.0.0/16" }))).Vpc?.VpcId ?? "";
    const SubnetId = (await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: "10.7.1.0/24" }))).Subnet?.SubnetId ?? "";
    const { GroupId = "" } = await ec2.send(new CreateSecurityGroupCommand({ VpcId, GroupName: "database", Description: "a test" }));
    const RouteTableId = (await ec2.send(new CreateRouteTableCommand({ VpcId }))).RouteTable?.RouteTableId ?? "";

    await expect(account.vpc(VpcId)).resolves.toEqual({ cidr: "10.7.0.0/16" });
    await expect(account.vpc("vpc-00000000000000000")).resolves.toBeUndefined();
    for (const [ask, id] of [[account.subnetVpc, SubnetId], [account.securityGroupVpc, GroupId], [account.routeTableVpc, RouteTableId]] as const) {
      await expect(ask(id)).resolves.toBe(VpcId);
      await expect(ask(id.replace(/-.*/, "-00000000000000000"))).resolves.toBeUndefined();
    }

    await expect(account.defaultRoute(SubnetId, VpcId)).resolves.toBeUndefined();
    // The VPC's main table counts for a subnet that has none of its own; the subnet's own goes first.
    const { RouteTables } = await ec2.send(new DescribeRouteTablesCommand({ Filters: [{ Name: "vpc-id", Values: [VpcId] }] }));
    const main = RouteTables?.find(({ Associations }) => Associations?.some(({ Main }) => Main))?.RouteTableId ?? "";
    await ec2.send(new CreateRouteCommand({ RouteTableId: main, DestinationCidrBlock: "0.0.0.0/0", GatewayId: "igw-1" }));
    await expect(account.defaultRoute(SubnetId, VpcId)).resolves.toBe("igw-1");
    await ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId }));
    await expect(account.defaultRoute(SubnetId, VpcId)).resolves.toBeUndefined();
    await ec2.send(new CreateRouteCommand({ RouteTableId, DestinationCidrBlock: "0.0.0.0/0", NatGatewayId: "nat-1" }));
    await expect(account.defaultRoute(SubnetId, VpcId)).resolves.toBe("nat-1");
  });

  it("layers and buckets", async () => {
    const { LayerVersionArn = "" } = await new LambdaClient(settings).send(new PublishLayerVersionCommand({
      LayerName: "upkeep-tools", Content: { ZipFile: emptyZip }, CompatibleArchitectures: ["arm64"],
    }));
    await expect(account.layerArchitectures(LayerVersionArn)).resolves.toEqual(["arm64"]);
    await expect(account.layerArchitectures(LayerVersionArn.replace(/1$/, "9"))).resolves.toBeUndefined();
    await new S3Client({ ...settings, forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: "uploads" }));
    await expect(account.bucketExists("uploads")).resolves.toBe(true);
    await expect(account.bucketExists("nope")).resolves.toBe(false);
  });

  it("functions, and how many may run", async () => {
    await new LambdaClient(settings).send(new CreateFunctionCommand({
      FunctionName: "campus-test-evidence", Role: `arn:aws:iam::${ACCOUNT}:role/r`, Runtime: "nodejs22.x", Handler: "index.handler", Code: { ZipFile: emptyZip },
      Tags: { "upkeep:system": "campus" }, Environment: { Variables: { UPKEEP_STORE_BUCKET: "store" } },
    }));
    await expect(account.lambda("campus-test-evidence")).resolves.toEqual({ tags: { "upkeep:system": "campus" }, environment: { UPKEEP_STORE_BUCKET: "store" } });
    await expect(account.lambda("nope")).resolves.toBeUndefined();
    expect(await account.concurrency()).toBeGreaterThan(0);
  });

  it("topics, and who has confirmed", async () => {
    const sns = new SNSClient(settings);
    const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: "campus-test-P0" }));
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: "email", Endpoint: "oncall@campus.example" }));
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: "https", Endpoint: "https://127.0.0.1:9/nobody" }));
    const found = await account.subscriptions(TopicArn);
    expect(found).toContainEqual({ endpoint: "https://127.0.0.1:9/nobody", confirmed: false });
    expect(found?.map(({ endpoint }) => endpoint)).toContain("oncall@campus.example"); // The emulator confirms mail by itself.
    await expect(account.subscriptions(`${TopicArn}-nope`)).resolves.toBeUndefined();
  });

  it("endpoints of a network, and whether it resolves names", async () => {
    const ec2 = new EC2Client(settings);
    const VpcId = (await ec2.send(new CreateVpcCommand({ CidrBlock: "10.8.0.0/16" }))).Vpc?.VpcId ?? "";
    await expect(account.resolvesNames(VpcId)).resolves.toBe(false);
    await ec2.send(new ModifyVpcAttributeCommand({ VpcId, EnableDnsHostnames: { Value: true } }));
    await expect(account.resolvesNames(VpcId)).resolves.toBe(true);
    await ec2.send(new ModifyVpcAttributeCommand({ VpcId, EnableDnsSupport: { Value: false } }));
    await expect(account.resolvesNames(VpcId)).resolves.toBe(false);

    await expect(account.endpoints(VpcId)).resolves.toEqual([]);
    await ec2.send(new CreateVpcEndpointCommand({
      VpcId, ServiceName: `com.amazonaws.${REGION}.s3`, VpcEndpointType: "Gateway", RouteTableIds: ["rtb-1"],
      TagSpecifications: [{ ResourceType: "vpc-endpoint", Tags: [{ Key: "upkeep:system", Value: "campus" }] }],
    }));
    await expect(account.endpoints(VpcId)).resolves.toEqual([
      expect.objectContaining({ service: `com.amazonaws.${REGION}.s3`, kind: "Gateway", routeTableIds: ["rtb-1"], tags: { "upkeep:system": "campus" } }),
    ]);
    await expect(account.endpoints("vpc-00000000000000000")).resolves.toEqual([]);
  });

  it("keys: enabled, about to be deleted, by alias and in their region only", async () => {
    const kms = new KMSClient(settings);
    const { KeyMetadata: { KeyId = "", Arn = "" } = {} } = await kms.send(new CreateKeyCommand({}));
    await kms.send(new CreateAliasCommand({ AliasName: "alias/campus-test-state", TargetKeyId: KeyId }));
    await expect(account.keyState("alias/campus-test-state")).resolves.toBe("Enabled");
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    await expect(account.keyState(Arn)).resolves.toBe("PendingDeletion");
    await expect(emulator.accountIn("eu-west-1").keyState("alias/campus-test-state")).resolves.toBeUndefined();
  });

  it("schedules and alarms", async () => {
    await new SchedulerClient(settings).send(new CreateScheduleCommand({
      Name: "campus-test-evidence", ScheduleExpression: "rate(15 minutes)", FlexibleTimeWindow: { Mode: "OFF" }, State: "DISABLED",
      Target: { Arn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:f`, RoleArn: `arn:aws:iam::${ACCOUNT}:role/r` },
    }));
    await expect(account.scheduleState("campus-test-evidence")).resolves.toBe("DISABLED");
    await expect(account.scheduleState("nope")).resolves.toBeUndefined();

    const cloudWatch = new CloudWatchClient(settings);
    for (const AlarmName of ["campus-test-raised", "campus-test-quiet", "shop-raised"]) {
      await cloudWatch.send(new PutMetricAlarmCommand({
        AlarmName, Namespace: "Upkeep", MetricName: "m", Statistic: "Sum", Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: "GreaterThanThreshold",
      }));
      await cloudWatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: AlarmName.endsWith("raised") ? "ALARM" : "OK", StateReason: "a test" }));
    }
    await expect(account.raisedAlarms("campus-test-")).resolves.toEqual(["campus-test-raised"]);
  });

  it("clusters, and task definitions that can be started", async () => {
    const ecs = new ECSClient(settings);
    await ecs.send(new CreateClusterCommand({ clusterName: "campus-test-tasks" }));
    await ecs.send(new RegisterTaskDefinitionCommand({ family: "campus-test-accounts-drill", containerDefinitions: [{ name: "task", image: "node" }] }));
    await expect(account.clusterState("campus-test-tasks")).resolves.toBe("ACTIVE");
    await expect(account.clusterState("nope")).resolves.toBeUndefined();
    await expect(account.hasTaskDefinition("campus-test-accounts-drill")).resolves.toBe(true);
    await expect(account.hasTaskDefinition("nope")).resolves.toBe(false);
    await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: "campus-test-accounts-drill:1" }));
    await expect(account.hasTaskDefinition("campus-test-accounts-drill")).resolves.toBe(false);
  });

  it("how the newest restore of a source ended, whatever else was checked since", async () => {
    const store: TestStore = await makeStore({ ...emulator.server, credentials: settings.credentials });
    await putRecord(store, "2026-10-04T06:00:00Z", { level: "restore" });
    await putRecord(store, "2026-11-01T06:00:00Z", { level: "restore", outcome: "corrupted" });
    await putRecord(store, "2026-11-22T05:00:00Z", { level: "decode" });
    const place = { bucket: store.name, system: "campus", stack: "prod" };
    await expect(account.newestDrill({ ...place, source: "accounts" })).resolves.toEqual({ startedAt: new Date("2026-11-01T06:00:00Z"), outcome: "corrupted" });
    await expect(account.newestDrill({ ...place, source: "uploads" })).resolves.toBeUndefined();
  });

  it("the newest sound backup of a source", async () => {
    const store: TestStore = await makeStore({ ...emulator.server, credentials: settings.credentials });
    await putBackup(store, { scheduledAt: "2026-11-21T02:00:00Z" });
    await putBackup(store, { scheduledAt: "2026-11-22T02:00:00Z" });
    await putBackup(store, { scheduledAt: "2026-11-23T02:00:00Z", manifest: { stack: "another" } });
    const place = { bucket: store.name, system: "campus", stack: "prod" };
    await expect(account.newestBackup({ ...place, source: "accounts" })).resolves.toEqual(new Date("2026-11-22T02:00:00Z"));
    await expect(account.newestBackup({ ...place, source: "uploads" })).resolves.toBeUndefined();
  });
});
