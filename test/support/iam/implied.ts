import { ACCOUNT, type DeclaredStack } from "./declared-stack.ts";
import { fromHere, type ImpliedCalls } from "./implied-call.ts";
import { managedSnapshots } from "./implied-snapshots.ts";
import { fetchOfCode, runsTask, startOfTasks } from "./implied-tasks.ts";

const FUNCTION = "aws:lambda/function:Function";
const MACHINE = "aws:sfn/stateMachine:StateMachine";
const QUEUE = "aws:sqs/queue:Queue";
const TOPIC = "aws:sns/topic:Topic";

/** Sources of the stack, by what backs them up. */
const databases = ["accounts", "catalogue", "sessions"] as const;

/** What ElastiCache exports. */
const exported = ["carts", "queue"] as const;

/** Those of them that are restored on schedule, by what does it. */
export const drills = ["accounts-drill", "sessions-drill", "carts-drill"] as const;

const sources = [...databases, ...exported, "uploads", "media", "shop", "configuration"] as const;

/** What is backed up by its machine, in a role that is not ours, is checked as all else. */
const checks = [...sources, "disk"].map((source) => `${source}-verify`);

const schedules = ({ arnOf }: DeclaredStack): readonly ImpliedCalls[] => [
  ...sources.map((source) => [source, "states:StartExecution", arnOf(MACHINE, `campus-${source}`)] as const),
  ...["evidence", "retention"].map((name) => [name, "lambda:InvokeFunction", arnOf(FUNCTION, `campus-${name}`)] as const),
  ...checks.map((check) => [check, "lambda:InvokeFunction", arnOf(FUNCTION, `campus-${check}`), "run"] as const),
  ...drills.map((drill) => [drill, "states:StartExecution", arnOf(MACHINE, `campus-${drill}`), "run"] as const),
].map(([name, action, target, ending = "schedule"]) => ({
  who: `the schedule of ${name}, and its undelivered calls`,
  role: `campus-${name}-${ending}`,
  service: "scheduler.amazonaws.com",
  needs: [[action, target], ["sqs:SendMessage", arnOf(QUEUE, `campus-${name}`)]],
  context: fromHere,
}));

/** Step Functions developer guide, logging with CloudWatch Logs: a delivery belongs to the account, no resource can be named. */
const logDelivery = [
  "CreateLogDelivery", "GetLogDelivery", "UpdateLogDelivery", "DeleteLogDelivery", "ListLogDeliveries", "PutResourcePolicy",
  "DescribeResourcePolicies", "DescribeLogGroups",
].map((action) => [`logs:${action}`, "*"] as const);

/** Step Functions developer guide, IAM policies for Distributed Map: it starts itself once for each item, which it reads from S3. */
const distributedMap = ({ arnOf }: DeclaredStack): ImpliedCalls["needs"] => [
  ["s3:GetObject", `${arnOf("aws:s3/bucket:Bucket", "campus-backups")}/.work/campus/media/20261123T020000Z/one-index.json`],
  ["kms:Decrypt", arnOf("aws:kms/key:Key", "campus-backups")],
  ["states:StartExecution", `arn:aws:states:eu-central-1:${ACCOUNT}:stateMachine:campus-test-media-backup`],
  ...["DescribeExecution", "StopExecution"].flatMap((action) => ["", "/Copies"].map((map) =>
    [`states:${action}`, `arn:aws:states:eu-central-1:${ACCOUNT}:execution:campus-test-media-backup${map}:one`] as const)),
];

const workflows = (stack: DeclaredStack): readonly ImpliedCalls[] => sources.map((source) => ({
  who: `the state machine of ${source}, and its log`,
  role: `campus-${source}-workflow`,
  service: "states.amazonaws.com",
  needs: [
    ["lambda:InvokeFunction", stack.arnOf(FUNCTION, `campus-${source}`)], ...logDelivery,
    ...(databases.some((database) => database === source) ? runsTask(stack, source) : []),
    ...(source === "media" ? distributedMap(stack) : []),
  ],
  context: fromHere,
}));

const drillWorkflows = (stack: DeclaredStack): readonly ImpliedCalls[] => drills.map((drill) => ({
  who: `the state machine of ${drill}, and its log`,
  role: `campus-${drill}-flow`,
  service: "states.amazonaws.com",
  needs: [...logDelivery, ...runsTask(stack, drill), ["lambda:InvokeFunction", stack.arnOf(FUNCTION, `campus-${drill.replace(/-drill$/, "-verify")}`)]],
  context: fromHere,
}));

/** Amazon S3 user guide, replication: permissions of the role, with objects encrypted by KMS and Object Lock enabled. */
const replication = ({ arnOf }: DeclaredStack): ImpliedCalls => {
  const from = arnOf("aws:s3/bucket:Bucket", "campus-backups");
  const to = arnOf("aws:s3/bucket:Bucket", "campus-backups-replica");
  return {
    who: "the copy into the second region",
    role: "campus-backups-replication",
    service: "s3.amazonaws.com",
    needs: [
      ["s3:GetReplicationConfiguration", from], ["s3:ListBucket", from],
      ...["GetObjectVersionForReplication", "GetObjectVersionAcl", "GetObjectVersionTagging", "GetObjectRetention", "GetObjectLegalHold"]
        .map((action) => [`s3:${action}`, `${from}/campus/accounts/dump`] as const),
      ["s3:ReplicateObject", `${to}/campus/accounts/dump`], ["s3:ReplicateTags", `${to}/campus/accounts/dump`],
      ["kms:Decrypt", arnOf("aws:kms/key:Key", "campus-backups")],
      ["kms:Encrypt", arnOf("aws:kms/key:Key", "campus-backups-replica")],
      // With a bucket key S3 asks for a data key and wraps the objects' own keys with it.
      ["kms:GenerateDataKey", arnOf("aws:kms/key:Key", "campus-backups-replica")],
    ],
  };
};

/** Amazon SNS developer guide, encrypted topics and event sources: the key's policy has to let the publisher in, too. */
const alarms = ({ arnOf, resources }: DeclaredStack): ImpliedCalls => ({
  who: "an alarm that tells people",
  service: "cloudwatch.amazonaws.com",
  needs: [
    ...resources.filter(({ type }) => type === TOPIC).map(({ outputs }) => ["sns:Publish", String(outputs.arn)] as const),
    ["kms:GenerateDataKey", arnOf("aws:kms/key:Key", "campus-routing")], ["kms:Decrypt", arnOf("aws:kms/key:Key", "campus-routing")],
  ],
  context: fromHere,
});

const functions = ({ the }: DeclaredStack): readonly ImpliedCalls[] => [...sources, ...checks, "evidence", "retention"].map((name) => {
  const { name: group } = the("aws:cloudwatch/logGroup:LogGroup", `campus-${name}`).inputs;
  const stream = `arn:aws:logs:eu-central-1:${ACCOUNT}:log-group:${String(group)}:log-stream:2026/11/23/[$LATEST]0`;
  const ec2 = `arn:aws:ec2:eu-central-1:${ACCOUNT}`;
  return {
    who: `Lambda, for the function of ${name}`,
    role: `campus-${name}`,
    service: "lambda.amazonaws.com",
    runsOurs: true,
    needs: [
      ["logs:CreateLogStream", stream], ["logs:PutLogEvents", stream],
      // Lambda developer guide, functions in a VPC.
      ...(databases.some((database) => database === name) ? [
        ["ec2:CreateNetworkInterface", `${ec2}:network-interface/*`], ["ec2:DeleteNetworkInterface", `${ec2}:network-interface/eni-1`],
        ["ec2:AssignPrivateIpAddresses", `${ec2}:network-interface/eni-1`], ["ec2:UnassignPrivateIpAddresses", `${ec2}:network-interface/eni-1`],
        ["ec2:DescribeNetworkInterfaces", "*"], ["ec2:DescribeSubnets", "*"],
      ] as const : []),
    ],
  };
});

/** Everything that has to be allowed although no handler of ours calls it. */
export const impliedCalls = (stack: DeclaredStack): readonly ImpliedCalls[] => [
  ...schedules(stack), ...workflows(stack), ...drillWorkflows(stack), replication(stack), alarms(stack), ...functions(stack),
  startOfTasks(stack), ...databases.map((source) => fetchOfCode(stack, source, "backup")),
  ...drills.map((drill) => fetchOfCode(stack, drill, "drill")), managedSnapshots(stack, "ledger", "instance"), managedSnapshots(stack, "journal", "cluster"),
];
