import { BackupClient, CreateRestoreTestingPlanCommand } from "@aws-sdk/client-backup";
import { EC2Client, CreateVpcCommand, CreateVpcEndpointCommand } from "@aws-sdk/client-ec2";
import { CreateClusterCommand, DeleteClusterCommand, ECSClient } from "@aws-sdk/client-ecs";
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Account } from "../../cli/doctor/account.ts";
import type { NamedType } from "../../cli/doctor/named-thing.ts";
import type { AskedEmulator } from "./asked-emulator.ts";
import { ACCOUNT, REGION } from "./asked-emulator.ts";

/** Types that the emulator knows no action for. */
export const typesLacking: readonly NamedType[] = ["aws:cloudwatch/alarmMuteRule:AlarmMuteRule", "aws:ssm/document:Document"];

/** Questions that it knows no action for. */
export const questionsLacking: readonly (keyof Account)[] = ["association"];

/** Types of which it can be asked and never has any. */
export const typesNeverThere: readonly NamedType[] = ["aws:backup/restoreTestingPlan:RestoreTestingPlan"];

/** What the emulator answers otherwise than AWS does. `seen`: its answer, and `not` that of AWS. */
export interface Otherwise {
  readonly what: string;
  readonly seen: (emulator: AskedEmulator) => Promise<unknown>;
  readonly answer: unknown;
}

/** Each is shown by asking: once the emulator learns it, its test fails, and the line goes. */
export const otherwise: readonly Otherwise[] = [
  {
    what: "makes no restore test",
    seen: ({ settings }) =>
      new BackupClient(settings).send(new CreateRestoreTestingPlanCommand({
        RestoreTestingPlan: {
          RestoreTestingPlanName: "forgotten", ScheduleExpression: "cron(0 6 ? * 1#1 *)",
          RecoveryPointSelection: { Algorithm: "LATEST_WITHIN_WINDOW", IncludeVaults: ["*"], RecoveryPointTypes: ["SNAPSHOT"] },
        },
      })).then(() => "made", (error: unknown) => (error instanceof Error ? error.name : "")),
    answer: "ValidationException",
  },
  {
    what: "refuses nobody: a user without a single right may list queues",
    seen: async ({ settings }) => {
      const iam = new IAMClient(settings);
      await iam.send(new CreateUserCommand({ UserName: "powerless" }));
      const { AccessKey: { AccessKeyId: accessKeyId = "", SecretAccessKey: secretAccessKey = "" } = {} } = await iam.send(new CreateAccessKeyCommand({ UserName: "powerless" }));
      const { $metadata } = await new SQSClient({ ...settings, credentials: { accessKeyId, secretAccessKey } }).send(new ListQueuesCommand({}));
      return $metadata.httpStatusCode;
    },
    answer: 200,
  },
  {
    what: "switches no region off: each answers",
    seen: ({ accountIn }) => accountIn("ap-east-1").number("ap-east-1"),
    answer: ACCOUNT,
  },
  {
    what: "finds a layer in a stranger's account, whether it is there or not",
    seen: ({ account }) => account.layerArchitectures(`arn:aws:lambda:${REGION}:999999999999:layer:nobody:1`),
    answer: [],
  },
  {
    what: "does not say whether an endpoint has private names",
    seen: async ({ account, settings }) => {
      const ec2 = new EC2Client(settings);
      const VpcId = (await ec2.send(new CreateVpcCommand({ CidrBlock: "10.6.0.0/16" }))).Vpc?.VpcId ?? "";
      await ec2.send(new CreateVpcEndpointCommand({ VpcId, ServiceName: `com.amazonaws.${REGION}.logs`, VpcEndpointType: "Interface", PrivateDnsEnabled: false }));
      return (await account.endpoints(VpcId)).map(({ privateNames }) => privateNames);
    },
    answer: [true],
  },
  {
    what: "forgets a cluster as soon as it is deleted",
    seen: async ({ account, settings }) => {
      const ecs = new ECSClient(settings);
      await ecs.send(new CreateClusterCommand({ clusterName: "forgotten" }));
      await ecs.send(new DeleteClusterCommand({ cluster: "forgotten" }));
      return account.clusterState("forgotten");
    },
    answer: undefined,
  },
  {
    what: "confirms a mail's subscription by itself",
    seen: async ({ account, settings }) => {
      const sns = new SNSClient(settings);
      const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: "by-itself" }));
      await sns.send(new SubscribeCommand({ TopicArn, Protocol: "email", Endpoint: "oncall@campus.example" }));
      return account.subscriptions(TopicArn);
    },
    answer: [{ endpoint: "oncall@campus.example", confirmed: true }],
  },
];
