/** Types whose names the stack fixes, as people say them. A second thing of one name in an account and region is refused, overwritten, or (a cluster, a task definition) taken for the first. */
export const namedTypes = {
  "aws:lambda/function:Function": "functions",
  "aws:sfn/stateMachine:StateMachine": "state machines",
  "aws:scheduler/schedule:Schedule": "schedules",
  "aws:sqs/queue:Queue": "queues",
  "aws:cloudwatch/logGroup:LogGroup": "log groups",
  "aws:cloudwatch/metricAlarm:MetricAlarm": "alarms",
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": "combined alarms",
  "aws:cloudwatch/alarmMuteRule:AlarmMuteRule": "mute rules",
  "aws:sns/topic:Topic": "topics",
  "aws:kms/alias:Alias": "key aliases",
  "aws:ec2/securityGroup:SecurityGroup": "security groups",
  "aws:ecs/cluster:Cluster": "clusters",
  "aws:ecs/taskDefinition:TaskDefinition": "task definitions",
  "aws:ssm/document:Document": "documents",
  "aws:cloudwatch/eventRule:EventRule": "event rules",
  "aws:iam/policy:Policy": "policies",
  "aws:backup/vault:Vault": "backup vaults",
  "aws:backup/restoreTestingPlan:RestoreTestingPlan": "restore tests",
} as const;

export type NamedType = keyof typeof namedTypes;

export interface NamedThing {
  readonly name: string;
  /** Absent: the stack's own. */
  readonly region?: string;
  /** Where the name counts in one VPC only, and that VPC is known. */
  readonly vpcId?: string;
}
