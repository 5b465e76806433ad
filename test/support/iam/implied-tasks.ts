import { ACCOUNT, type DeclaredStack } from "./declared-stack.ts";
import { fromHere, type ImpliedCalls, type Need } from "./implied-call.ts";

const ECS_TASKS = "ecs-tasks.amazonaws.com";
const ROLE = "aws:iam/role:Role";

/**
 * Step Functions developer guide, integrate with ECS, `runTask.sync`: the task is started, watched and stopped, a rule tells
 * of its end, both of its roles are handed on, and what copies the definition's tags has to be allowed to tag.
 */
export const runsTask = ({ arnOf }: DeclaredStack, source: string): readonly Need[] => {
  const task = `arn:aws:ecs:eu-central-1:${ACCOUNT}:task/campus-test-tasks/0123456789abcdef`;
  const rule = `arn:aws:events:eu-central-1:${ACCOUNT}:rule/StepFunctionsGetEventsForECSTaskRule`;
  const handedOn = { "iam:PassedToService": ECS_TASKS };
  return [
    ["ecs:RunTask", arnOf("aws:ecs/taskDefinition:TaskDefinition", `campus-${source}`), { "ecs:cluster": arnOf("aws:ecs/cluster:Cluster", "campus-tasks") }],
    ["ecs:TagResource", task, { "ecs:CreateAction": "RunTask" }],
    ["ecs:DescribeTasks", task], ["ecs:StopTask", task],
    ["events:PutTargets", rule], ["events:PutRule", rule], ["events:DescribeRule", rule],
    ["iam:PassRole", arnOf(ROLE, `campus-${source}-task`), handedOn], ["iam:PassRole", arnOf(ROLE, "campus-tasks-start"), handedOn],
  ];
};

/** Amazon ECS developer guide, task execution role: ECS fetches the images and opens the log streams before anything of ours runs. */
export const startOfTasks = ({ the }: DeclaredStack): ImpliedCalls => {
  const { name: group } = the("aws:cloudwatch/logGroup:LogGroup", "campus-tasks").inputs;
  const stream = `arn:aws:logs:eu-central-1:${ACCOUNT}:log-group:${String(group)}:log-stream:campus-test-accounts-backup-task/task/0123456789abcdef`;
  const images = ["docker/library/node", "aws-cli/aws-cli", "docker/library/postgres", "docker/library/mongo", "docker/library/redis"]
    .map((repository) => `arn:aws:ecr:eu-central-1:${ACCOUNT}:repository/${repository}`);
  return {
    who: "ECS, before a task begins",
    role: "campus-tasks-start",
    service: ECS_TASKS,
    needs: [
      ["logs:CreateLogStream", stream], ["logs:PutLogEvents", stream], ["ecr:GetAuthorizationToken", "*"],
      ...images.flatMap((image) => [["ecr:BatchGetImage", image], ["ecr:GetDownloadUrlForLayer", image]] as const),
    ],
  };
};

/** The official image of the AWS CLI, `s3 cp --recursive`: it lists what there is and fetches each, in the task's name. */
export const fetchOfCode = ({ arnOf }: DeclaredStack, source: string, handler: "backup" | "drill"): ImpliedCalls => {
  const store = arnOf("aws:s3/bucket:Bucket", "campus-backups");
  return {
    who: `the task of ${source}, which fetches its code`,
    role: `campus-${source}-task`,
    service: ECS_TASKS,
    runsOurs: true,
    needs: [
      ["s3:ListBucket", store, { "s3:prefix": `.code/${handler}/` }],
      ["s3:GetObject", `${store}/.code/${handler}/index.mjs`], ["s3:GetObject", `${store}/.code/${handler}/tools.zip`],
      ["kms:Decrypt", arnOf("aws:kms/key:Key", "campus-backups")],
    ],
    context: fromHere,
  };
};
