import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import {
  AssociateRouteTableCommand, CreateRouteCommand, CreateRouteTableCommand, CreateSecurityGroupCommand, CreateSubnetCommand, CreateVpcCommand,
  DescribeRouteTablesCommand, EC2Client,
} from "@aws-sdk/client-ec2";
import { CreateFunctionCommand, LambdaClient, PublishLayerVersionCommand } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { Account } from "../../../cli/doctor/account.ts";
import { awsAccount } from "../../../cli/doctor/aws.ts";
import { putBackup } from "../../support/handlers/backups.ts";
import { makeStore, type TestStore } from "../../support/handlers/test-store.ts";
import { describeWithParts } from "../../support/parts.ts";
import { type S3Server, startS3 } from "../../support/servers/s3.ts";

const REGION = "eu-central-1";

/** The emulator takes twelve digits for a key of that account. */
const ACCOUNT = "123456789012";
const credentials = { accessKeyId: ACCOUNT, secretAccessKey: "test" };

/** Not seen here: who may not look (it refuses nobody), keys that are about to be deleted, layers of a stranger's account. */
describeWithParts("the doctor's questions, asked of an emulator of AWS", ["s3"], () => {
  let server: S3Server;
  let account: Account;
  let settings: { readonly endpoint: string; readonly region: string; readonly credentials: typeof credentials };
  beforeAll(async () => {
    server = await startS3();
    for (const [name, value] of Object.entries({ ...server.env, AWS_ACCESS_KEY_ID: ACCOUNT })) vi.stubEnv(name, value);
    settings = { endpoint: server.endpoint, region: REGION, credentials };
    account = awsAccount(REGION, process.env, () => new Date("2026-11-23T12:00:00Z"));
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await server.stop();
  });

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
    const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: "campus-test-P0", Tags: [{ Key: "upkeep:system", Value: "campus" }] }));
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: "email", Endpoint: "oncall@campus.example" }));
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: "https", Endpoint: "https://127.0.0.1:9/nobody" }));
    const topic = await account.topic(TopicArn);
    expect(topic?.tags).toEqual({ "upkeep:system": "campus" });
    expect(topic?.subscriptions).toContainEqual({ endpoint: "https://127.0.0.1:9/nobody", confirmed: false });
    expect(topic?.subscriptions.map(({ endpoint }) => endpoint)).toContain("oncall@campus.example"); // The emulator confirms mail by itself.
    await expect(account.topic(`${TopicArn}-nope`)).resolves.toBeUndefined();
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

  it("the newest sound backup of a source", async () => {
    const store: TestStore = await makeStore({ ...server, credentials });
    await putBackup(store, { scheduledAt: "2026-11-21T02:00:00Z" });
    await putBackup(store, { scheduledAt: "2026-11-22T02:00:00Z" });
    await putBackup(store, { scheduledAt: "2026-11-23T02:00:00Z", manifest: { stack: "another" } });
    const place = { bucket: store.name, system: "campus", stack: "prod" };
    await expect(account.newestBackup({ ...place, source: "accounts" })).resolves.toEqual(new Date("2026-11-22T02:00:00Z"));
    await expect(account.newestBackup({ ...place, source: "uploads" })).resolves.toBeUndefined();
  });
});

/** The end record of an archive with nothing in it. */
const emptyZip = Buffer.concat([Buffer.from("PK\u0005\u0006"), Buffer.alloc(18)]);
