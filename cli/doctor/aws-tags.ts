import { BackupClient, GetRestoreTestingPlanCommand, ListBackupVaultsCommand, ListTagsCommand as ListBackupTagsCommand } from "@aws-sdk/client-backup";
import { CloudWatchClient, GetAlarmMuteRuleCommand, ListTagsForResourceCommand as ListAlarmTagsCommand } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, ListTagsForResourceCommand as ListLogGroupTagsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeSecurityGroupsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { DescribeClustersCommand, ECSClient } from "@aws-sdk/client-ecs";
import { EventBridgeClient, ListTagsForResourceCommand as ListRuleTagsCommand } from "@aws-sdk/client-eventbridge";
import { IAMClient, ListPolicyTagsCommand } from "@aws-sdk/client-iam";
import { DescribeKeyCommand, KMSClient, ListResourceTagsCommand } from "@aws-sdk/client-kms";
import { LambdaClient, ListTagsCommand } from "@aws-sdk/client-lambda";
import { GetScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { DescribeStateMachineCommand, ListTagsForResourceCommand as ListMachineTagsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { ListTagsForResourceCommand as ListTopicTagsCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetQueueUrlCommand, ListQueueTagsCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DescribeDocumentCommand, SSMClient } from "@aws-sdk/client-ssm";
import { partitionOf } from "../../practice/plan/partition.ts";
import type { Account, Tags } from "./account.ts";
import { type ClientSettings, everyPage, orAbsent, tagsIn } from "./aws-answers.ts";
import { describedTask } from "./aws-tasks.ts";
import type { NamedThing, NamedType } from "./named-thing.ts";
import { within } from "./within.ts";

type Ask = (thing: NamedThing, arn: (service: string, resource: string) => string, signal: AbortSignal) => Promise<Tags | undefined>;

/** The younger services write it small. */
const lowerTags = (list: readonly { readonly key?: string | undefined; readonly value?: string | undefined }[] | undefined): Tags =>
  tagsIn(list?.map(({ key, value }) => ({ Key: key, Value: value })));

/** Whose a thing of a name is, in one region. */
export function awsTags(settings: ClientSettings): Account["tags"] {
  const backup = new BackupClient(settings);
  const cloudWatch = new CloudWatchClient(settings);
  const ec2 = new EC2Client(settings);
  const ecs = new ECSClient(settings);
  const events = new EventBridgeClient(settings);
  const iam = new IAMClient(settings);
  const kms = new KMSClient(settings);
  const lambda = new LambdaClient(settings);
  const logs = new CloudWatchLogsClient(settings);
  const scheduler = new SchedulerClient(settings);
  const sfn = new SFNClient(settings);
  const sns = new SNSClient(settings);
  const sqs = new SQSClient(settings);
  const ssm = new SSMClient(settings);

  const ofFunction = async (Resource: string, abortSignal: AbortSignal): Promise<Tags> =>
    (await lambda.send(new ListTagsCommand({ Resource }), { abortSignal })).Tags ?? {};
  const ofMachine = async (arn: string, abortSignal: AbortSignal): Promise<Tags> => {
    // AWS gives no tags of a machine that there is not, and no error.
    await sfn.send(new DescribeStateMachineCommand({ stateMachineArn: arn }), { abortSignal });
    return lowerTags((await sfn.send(new ListMachineTagsCommand({ resourceArn: arn }), { abortSignal })).tags);
  };
  const ofAlarm = async (ResourceARN: string, abortSignal: AbortSignal): Promise<Tags> =>
    tagsIn((await cloudWatch.send(new ListAlarmTagsCommand({ ResourceARN }), { abortSignal })).Tags);

  const ofBackup = async (ResourceArn: string | undefined, abortSignal: AbortSignal): Promise<Tags> =>
    (await backup.send(new ListBackupTagsCommand({ ResourceArn }), { abortSignal })).Tags ?? {};

  const asks: Readonly<Record<NamedType, Ask>> = {
    "aws:lambda/function:Function": ({ name }, arn, signal) => ofFunction(arn("lambda", `function:${name}`), signal),
    "aws:sfn/stateMachine:StateMachine": ({ name }, arn, signal) => ofMachine(arn("states", `stateMachine:${name}`), signal),
    // It can have no tags: it is whose its target is.
    "aws:scheduler/schedule:Schedule": async ({ name }, _, signal) => {
      const { Target } = await scheduler.send(new GetScheduleCommand({ Name: name }), { abortSignal: signal });
      const target = Target?.Arn ?? "";
      const of = [{ service: ":lambda:", ask: ofFunction }, { service: ":states:", ask: ofMachine }].find(({ service }) => target.includes(service));
      return (of && await orAbsent(of.ask(target, signal))) ?? {};
    },
    "aws:sqs/queue:Queue": async ({ name }, _, signal) => {
      const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }), { abortSignal: signal });
      return (await sqs.send(new ListQueueTagsCommand({ QueueUrl }), { abortSignal: signal })).Tags ?? {};
    },
    "aws:cloudwatch/logGroup:LogGroup": async ({ name }, arn, signal) =>
      (await logs.send(new ListLogGroupTagsCommand({ resourceArn: arn("logs", `log-group:${name}`) }), { abortSignal: signal })).tags ?? {},
    "aws:cloudwatch/metricAlarm:MetricAlarm": ({ name }, arn, signal) => ofAlarm(arn("cloudwatch", `alarm:${name}`), signal),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": ({ name }, arn, signal) => ofAlarm(arn("cloudwatch", `alarm:${name}`), signal),
    "aws:cloudwatch/alarmMuteRule:AlarmMuteRule": async ({ name }, _, signal) => {
      const { AlarmMuteRuleArn = "" } = await cloudWatch.send(new GetAlarmMuteRuleCommand({ AlarmMuteRuleName: name }), { abortSignal: signal });
      return ofAlarm(AlarmMuteRuleArn, signal);
    },
    "aws:sns/topic:Topic": async ({ name }, arn, signal) =>
      tagsIn((await sns.send(new ListTopicTagsCommand({ ResourceArn: arn("sns", name) }), { abortSignal: signal })).Tags),
    // An alias has no tags either: its key has.
    "aws:kms/alias:Alias": async ({ name }, _, signal) => {
      const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: name }), { abortSignal: signal });
      const { Tags: tags = [] } = await kms.send(new ListResourceTagsCommand({ KeyId: KeyMetadata?.KeyId }), { abortSignal: signal });
      return tagsIn(tags.map(({ TagKey, TagValue }) => ({ Key: TagKey, Value: TagValue })));
    },
    "aws:ec2/securityGroup:SecurityGroup": async ({ name, vpcId }, _, signal) => {
      const { SecurityGroups: [group] = [] } = await ec2.send(new DescribeSecurityGroupsCommand({
        Filters: [{ Name: "group-name", Values: [name] }, ...(vpcId === undefined ? [] : [{ Name: "vpc-id", Values: [vpcId] }])],
      }), { abortSignal: signal });
      return group && tagsIn(group.Tags);
    },
    "aws:ecs/cluster:Cluster": async ({ name }, _, abortSignal) => {
      const { clusters: [cluster] = [] } = await ecs.send(new DescribeClustersCommand({ clusters: [name], include: ["TAGS"] }), { abortSignal });
      // One that was deleted is told of for a while, and its name is free.
      return cluster?.status === "INACTIVE" ? undefined : cluster && lowerTags(cluster.tags);
    },
    "aws:ecs/taskDefinition:TaskDefinition": async ({ name }, _, abortSignal) => {
      const found = await describedTask(ecs, name, abortSignal);
      return found && lowerTags(found.tags);
    },
    "aws:ssm/document:Document": async ({ name }, _, abortSignal) =>
      tagsIn((await ssm.send(new DescribeDocumentCommand({ Name: name }), { abortSignal })).Document?.Tags),
    "aws:cloudwatch/eventRule:EventRule": async ({ name }, arn, abortSignal) =>
      tagsIn((await events.send(new ListRuleTagsCommand({ ResourceARN: arn("events", `rule/${name}`) }), { abortSignal })).Tags),
    "aws:iam/policy:Policy": async ({ name }, arn, abortSignal) =>
      tagsIn((await iam.send(new ListPolicyTagsCommand({ PolicyArn: arn("iam", `policy/${name}`) }), { abortSignal })).Tags),
    // Looked for in the list: a question about a vault that is not there is refused as if it were forbidden.
    "aws:backup/vault:Vault": async ({ name }, _, abortSignal) => {
      const vaults = await everyPage(async (NextToken) => {
        const page = await backup.send(new ListBackupVaultsCommand({ NextToken }), { abortSignal });
        return { items: page.BackupVaultList, next: page.NextToken };
      });
      const vault = vaults.find(({ BackupVaultName }) => BackupVaultName === name);
      return vault && ofBackup(vault.BackupVaultArn, abortSignal);
    },
    "aws:backup/restoreTestingPlan:RestoreTestingPlan": async ({ name }, _, abortSignal) => {
      const { RestoreTestingPlan } = await backup.send(new GetRestoreTestingPlanCommand({ RestoreTestingPlanName: name }), { abortSignal });
      return ofBackup(RestoreTestingPlan?.RestoreTestingPlanArn, abortSignal);
    },
  };

  return (type, thing, number) => {
    // What IAM has is of no region.
    const regionOf = (service: string): string => (service === "iam" ? "" : settings.region);
    const arn = (service: string, resource: string): string => `arn:${partitionOf(settings.region)}:${service}:${regionOf(service)}:${number}:${resource}`;
    return orAbsent(within((signal) => asks[type](thing, arn, signal)));
  };
}
