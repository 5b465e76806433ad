import { BackupClient, CreateBackupVaultCommand } from "@aws-sdk/client-backup";
import { CloudWatchClient, PutCompositeAlarmCommand, PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateSecurityGroupCommand, CreateVpcCommand, EC2Client } from "@aws-sdk/client-ec2";
import { CreateClusterCommand, DeleteClusterCommand, DeregisterTaskDefinitionCommand, ECSClient, RegisterTaskDefinitionCommand } from "@aws-sdk/client-ecs";
import { EventBridgeClient, PutRuleCommand } from "@aws-sdk/client-eventbridge";
import { CreatePolicyCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateAliasCommand, CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { CreateStateMachineCommand, SFNClient } from "@aws-sdk/client-sfn";
import { CreateTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { NamedType } from "../../../cli/doctor/named-thing.ts";
import { namedTypes } from "../../../cli/doctor/named-thing.ts";
import { ACCOUNT, type AskedEmulator, emptyZip, REGION, startAskedEmulator } from "../../support/asked-emulator.ts";
import { typesLacking, typesNeverThere } from "../../support/emulator-lacks.ts";
import { describeWithParts } from "../../support/parts.ts";

const tags = { "upkeep:system": "campus", "upkeep:stack": "test" };
const list = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
const lowerList = Object.entries(tags).map(([key, value]) => ({ key, value }));
const name = "campus-test-thing";
const Role = `arn:aws:iam::${ACCOUNT}:role/r`;
const measured = {
  Namespace: "Upkeep", MetricName: "m", Statistic: "Sum", Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: "GreaterThanThreshold",
} as const;

type Settings = AskedEmulator["settings"];

/** Makes one of each, marked as the stack marks its things. */
const makers: Readonly<Partial<Record<NamedType, (settings: Settings) => Promise<unknown>>>> = {
  "aws:lambda/function:Function": (settings) => new LambdaClient(settings).send(new CreateFunctionCommand({
    FunctionName: name, Role, Runtime: "nodejs22.x", Handler: "index.handler", Code: { ZipFile: emptyZip }, Tags: tags,
  })),
  "aws:sfn/stateMachine:StateMachine": (settings) => new SFNClient(settings).send(new CreateStateMachineCommand({
    name, definition: JSON.stringify({ StartAt: "A", States: { A: { Type: "Succeed" } } }), roleArn: Role, tags: lowerList,
  })),
  "aws:scheduler/schedule:Schedule": (settings) => new SchedulerClient(settings).send(new CreateScheduleCommand({
    Name: name, ScheduleExpression: "rate(1 day)", FlexibleTimeWindow: { Mode: "OFF" }, State: "DISABLED",
    Target: { Arn: `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:${name}`, RoleArn: Role },
  })),
  "aws:sqs/queue:Queue": (settings) => new SQSClient(settings).send(new CreateQueueCommand({ QueueName: name, tags })),
  "aws:cloudwatch/logGroup:LogGroup": (settings) => new CloudWatchLogsClient(settings).send(new CreateLogGroupCommand({ logGroupName: name, tags })),
  "aws:cloudwatch/metricAlarm:MetricAlarm": (settings) => new CloudWatchClient(settings).send(new PutMetricAlarmCommand({ AlarmName: name, ...measured, Tags: list })),
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": (settings) =>
    new CloudWatchClient(settings).send(new PutCompositeAlarmCommand({ AlarmName: `${name}-whole`, AlarmRule: `ALARM("${name}")`, Tags: list })),
  "aws:sns/topic:Topic": (settings) => new SNSClient(settings).send(new CreateTopicCommand({ Name: name, Tags: list })),
  "aws:kms/alias:Alias": async (settings) => {
    const kms = new KMSClient(settings);
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Tags: list.map(({ Key, Value }) => ({ TagKey: Key, TagValue: Value })) }));
    await kms.send(new CreateAliasCommand({ AliasName: `alias/${name}`, TargetKeyId: KeyMetadata?.KeyId }));
  },
  "aws:ecs/cluster:Cluster": (settings) => new ECSClient(settings).send(new CreateClusterCommand({ clusterName: name, tags: lowerList })),
  "aws:ecs/taskDefinition:TaskDefinition": (settings) => new ECSClient(settings).send(new RegisterTaskDefinitionCommand({
    family: name, containerDefinitions: [{ name: "task", image: "node" }], tags: lowerList,
  })),
  "aws:cloudwatch/eventRule:EventRule": (settings) => new EventBridgeClient(settings).send(new PutRuleCommand({ Name: name, ScheduleExpression: "rate(1 day)", Tags: list })),
  "aws:iam/policy:Policy": (settings) => new IAMClient(settings).send(new CreatePolicyCommand({
    PolicyName: name, PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }] }), Tags: list,
  })),
  "aws:backup/vault:Vault": (settings) => new BackupClient(settings).send(new CreateBackupVaultCommand({ BackupVaultName: name, BackupVaultTags: tags })),
  "aws:ec2/securityGroup:SecurityGroup": async (settings) => {
    const ec2 = new EC2Client(settings);
    const VpcId = (await ec2.send(new CreateVpcCommand({ CidrBlock: "10.9.0.0/16" }))).Vpc?.VpcId;
    await ec2.send(new CreateSecurityGroupCommand({ VpcId, GroupName: name, Description: "a test", TagSpecifications: [{ ResourceType: "security-group", Tags: list }] }));
  },
};

const nameOf = (type: string): string => {
  if (type.endsWith("Alias")) return `alias/${name}`;
  return type.endsWith("CompositeAlarm") ? `${name}-whole` : name;
};

describeWithParts("whose a name is, asked of an emulator of AWS", ["s3"], () => {
  let emulator: AskedEmulator;
  beforeAll(async () => {
    emulator = await startAskedEmulator();
  });
  afterAll(() => emulator.stop());

  it.each(Object.entries(makers))("%s: free, then the stack's", async (type, make) => {
    const ask = () => emulator.account.tags(type as NamedType, { name: nameOf(type) }, ACCOUNT);
    await expect(ask()).resolves.toBeUndefined();
    await make(emulator.settings);
    await expect(ask()).resolves.toEqual(tags);
  });

  it("a schedule that starts nothing of anybody's is nobody's", async () => {
    await new SchedulerClient(emulator.settings).send(new CreateScheduleCommand({
      Name: "stray", ScheduleExpression: "rate(1 day)", FlexibleTimeWindow: { Mode: "OFF" }, State: "DISABLED",
      Target: { Arn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:gone`, RoleArn: Role },
    }));
    await expect(emulator.account.tags("aws:scheduler/schedule:Schedule", { name: "stray" }, ACCOUNT)).resolves.toEqual({});
  });

  it("a security group of the same name in another network is in nobody's way", async () => {
    await expect(emulator.account.tags("aws:ec2/securityGroup:SecurityGroup", { name, vpcId: "vpc-00000000000000000" }, ACCOUNT)).resolves.toBeUndefined();
  });

  it("a cluster and a task definition that were deleted have left their names free", async () => {
    const ecs = new ECSClient(emulator.settings);
    const ask = (type: NamedType, of: string) => emulator.account.tags(type, { name: of }, ACCOUNT);
    await ecs.send(new CreateClusterCommand({ clusterName: "gone", tags: lowerList }));
    await ecs.send(new RegisterTaskDefinitionCommand({ family: "gone", containerDefinitions: [{ name: "task", image: "node" }], tags: lowerList }));
    await expect(ask("aws:ecs/cluster:Cluster", "gone")).resolves.toEqual(tags);
    await ecs.send(new DeleteClusterCommand({ cluster: "gone" }));
    await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: "gone:1" }));
    await expect(ask("aws:ecs/cluster:Cluster", "gone")).resolves.toBeUndefined();
    await expect(ask("aws:ecs/taskDefinition:TaskDefinition", "gone")).resolves.toBeUndefined();
  });

  it("was asked of every type that the emulator has", () => {
    expect([...Object.keys(makers), ...typesLacking, ...typesNeverThere].toSorted()).toEqual(Object.keys(namedTypes).toSorted());
  });
});
