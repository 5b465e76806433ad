/** Actions for which AWS lets no resource be named beforehand, each with the written reason why `*` is accepted. */
export const resourceless: Readonly<Record<string, string>> = {
  "cloudwatch:DescribeAlarms": "CloudWatch leaves composite alarms out for whoever may not describe all.",
  "cloudwatch:ListDashboards": "Lists all dashboards, has no resource.",
  "cloudwatch:PutMetricData": "Names no resource; the condition on cloudwatch:namespace narrows it.",
  "ec2:AssignPrivateIpAddresses": "Lambda's interfaces, whose ids exist only afterwards.",
  "ec2:CreateNetworkInterface": "Lambda makes interfaces in the function's subnets; their ids exist only afterwards.",
  "ec2:DeleteNetworkInterface": "Lambda removes its interfaces; their ids exist only afterwards.",
  "ec2:DescribeNetworkInterfaces": "EC2 lists have no resource.",
  "ec2:DescribeSubnets": "EC2 lists have no resource.",
  "ec2:UnassignPrivateIpAddresses": "Lambda's interfaces, whose ids exist only afterwards.",
  "ecr:GetAuthorizationToken": "The token is the account's, for all of its repositories; the images themselves are named.",
  "elasticache:DescribeSnapshots": "A run looks for what earlier ones left behind, in the list of all.",
  "lambda:ListFunctions": "Lists all functions, has no resource.",
  "logs:CreateLogDelivery": "Step Functions logs through a delivery of the account, which has no resource.",
  "logs:DeleteLogDelivery": "Step Functions logs through a delivery of the account, which has no resource.",
  "logs:DescribeLogGroups": "Step Functions looks for its log group in the list of all.",
  "logs:DescribeResourcePolicies": "Resource policies of logs belong to the account and have no resource.",
  "logs:GetLogDelivery": "Step Functions logs through a delivery of the account, which has no resource.",
  "logs:ListLogDeliveries": "Step Functions logs through a delivery of the account, which has no resource.",
  "logs:PutResourcePolicy": "Resource policies of logs belong to the account and have no resource.",
  "logs:UpdateLogDelivery": "Step Functions logs through a delivery of the account, which has no resource.",
  "rds:DescribeDBClusterAutomatedBackups": "AWS Backup looks for what it made in the lists of all; those of RDS take no name.",
  "rds:DescribeDBClusterSnapshots": "AWS Backup looks for what it made in the lists of all; those of RDS take no name.",
  "rds:DescribeDBClusters": "AWS Backup looks for the database in the list of all.",
  "rds:DescribeDBInstances": "AWS Backup looks for the database in the list of all.",
  "rds:DescribeDBSnapshots": "AWS Backup looks for what it made in the lists of all; those of RDS take no name.",
  "s3:ListAllMyBuckets": "ElastiCache looks for its bucket among all of the caller's; named for one bucket, the right has no effect (guide, Exporting a backup).",
  "scheduler:ListSchedules": "Lists all schedules, has no resource.",
  "states:ListStateMachines": "Lists all state machines, has no resource.",
  "tag:GetResources": "Lists by tags, has no resource.",
  "xray:PutTelemetryRecords": "X-Ray names no resource.",
  "xray:PutTraceSegments": "X-Ray names no resource.",
};

/** Ends that may stay open because the name before them stands. */
const openEnds: readonly RegExp[] = [
  // Objects of a named bucket.
  /^arn:[^:*?]+:s3:::[^:*?/]+\/([^*?]+\/)?\*$/,
  // Snapshots of one backup, and their exports: the names begin with its own and end in the run's.
  /^arn:[^:*?]+:elasticache:[^:*?]+:[^:*?]+:snapshot:[^:*?]+-backup-\*$/,
  /^arn:[^:*?]+:s3:::[^:*?/]+\/[^:*?/]+-backup-\*$/,
  // Streams of a named log group: a function names them itself.
  /^arn:[^:*?]+:logs:[^:*?]+:[^:*?]+:log-group:[^:*?]+(:log-stream)?:\*$/,
  // A named secret: Secrets Manager adds six characters that nobody knows beforehand.
  /^arn:[^:*?]+:secretsmanager:[^:*?]+:[^:*?]+:secret:[^:*?]+-\?{6}$/,
  // What AWS Backup makes in RDS: the name that it begins with is its own.
  /^arn:[^:*?]+:rds:[^:*?]+:[^:*?]+:(cluster-)?snapshot:awsbackup:\*$/,
  /^arn:[^:*?]+:rds:[^:*?]+:[^:*?]+:(db|cluster):awsbackup-restore-test-\*$/,
  // What an instance is restored with: AWS Backup takes those of its source, which nobody names to it.
  /^arn:[^:*?]+:rds:[^:*?]+:[^:*?]+:(subgrp|pg|og|cluster-pg):\*$/,
  // Parameters below a named path.
  /^arn:[^:*?]+:ssm:[^:*?]+:[^:*?]+:parameter\/[^:*?]+\/\*$/,
  // What one system has in one stack: the names begin with both.
  /^arn:[^:*?]+:states:[^:*?]+:[^:*?]+:stateMachine:[^:*?]+-[^:*?]+-\*$/,
  /^arn:[^:*?]+:scheduler:[^:*?]+:[^:*?]+:schedule\/default\/[^:*?]+-[^:*?]+-\*$/,
  /^arn:[^:*?]+:cloudwatch::[^:*?]+:dashboard\/[^:*?]+-[^:*?]+-\*$/,
  // Tasks of a named cluster: their ids exist only once they run.
  /^arn:[^:*?]+:ecs:[^:*?]+:[^:*?]+:task\/[^:*?/]+\/\*$/,
  // Executions of a named state machine.
  /^arn:[^:*?]+:states:[^:*?]+:[^:*?]+:execution:[^:*?]+:\*$/,
];

/** Whether a resource means more than it names. */
export const isOpen = (resource: string): boolean => /[*?]/.test(resource) && !openEnds.some((end) => end.test(resource));
