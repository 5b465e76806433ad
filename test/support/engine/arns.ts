import type { Wire } from "./wire.ts";

const ACCOUNT = "111122223333";
const REGION = "eu-central-1";

type Shape = (id: string, region: string) => string;

const regional = (service: string, prefix: string): Shape => (id, region) => `arn:aws:${service}:${region}:${ACCOUNT}:${prefix}${id}`;

/** Rules read ARNs: those of the types that the practice declares look like AWS's own. */
const shapes: Readonly<Record<string, Shape>> = {
  "aws:backup/vault:Vault": regional("backup", "backup-vault:"),
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": regional("cloudwatch", "alarm:"),
  "aws:cloudwatch/logGroup:LogGroup": regional("logs", "log-group:"),
  "aws:cloudwatch/metricAlarm:MetricAlarm": regional("cloudwatch", "alarm:"),
  "aws:ec2/securityGroup:SecurityGroup": regional("ec2", "security-group/"),
  "aws:ecs/cluster:Cluster": regional("ecs", "cluster/"),
  "aws:ecs/taskDefinition:TaskDefinition": (id, region) => `${regional("ecs", "task-definition/")(id, region)}:1`,
  "aws:iam/role:Role": (id) => `arn:aws:iam::${ACCOUNT}:role/${id}`,
  "aws:kms/key:Key": regional("kms", "key/"),
  "aws:lambda/function:Function": regional("lambda", "function:"),
  "aws:s3/bucket:Bucket": (id) => `arn:aws:s3:::${id}`,
  "aws:scheduler/schedule:Schedule": regional("scheduler", "schedule/default/"),
  "aws:sfn/stateMachine:StateMachine": regional("states", "stateMachine:"),
  "aws:sns/topic:Topic": regional("sns", ""),
  "aws:sqs/queue:Queue": regional("sqs", ""),
};

export function arnOf(type: string, id: string, { region }: Wire): string {
  const shape = shapes[type] ?? regional(type.split(/[:/]/)[1] ?? "", "thing/");
  return shape(id, typeof region === "string" ? region : REGION);
}
