import { Plan } from "@pulumi/aws/backup/plan.js";
import { RestoreTestingPlan } from "@pulumi/aws/backup/restoreTestingPlan.js";
import { Vault } from "@pulumi/aws/backup/vault.js";
import { AlarmMuteRule } from "@pulumi/aws/cloudwatch/alarmMuteRule.js";
import { CompositeAlarm } from "@pulumi/aws/cloudwatch/compositeAlarm.js";
import { EventRule } from "@pulumi/aws/cloudwatch/eventRule.js";
import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { VpcEndpoint } from "@pulumi/aws/ec2/vpcEndpoint.js";
import { Cluster } from "@pulumi/aws/ecs/cluster.js";
import { TaskDefinition } from "@pulumi/aws/ecs/taskDefinition.js";
import { Policy } from "@pulumi/aws/iam/policy.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { Key } from "@pulumi/aws/kms/key.js";
import { Function as LambdaFunction } from "@pulumi/aws/lambda/function.js";
import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { BucketObject } from "@pulumi/aws/s3/bucketObject.js";
import { StateMachine } from "@pulumi/aws/sfn/stateMachine.js";
import { Topic } from "@pulumi/aws/sns/topic.js";
import { Queue } from "@pulumi/aws/sqs/queue.js";
import { Association } from "@pulumi/aws/ssm/association.js";
import { Document } from "@pulumi/aws/ssm/document.js";
import { SecurityGroupEgressRule } from "@pulumi/aws/vpc/securityGroupEgressRule.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import type { ResourceValidationPolicy } from "@pulumi/policy";
import { belongsToPractice } from "./internal/components.ts";
import type { ResourceClass } from "./internal/edges.ts";
import { tagKeys, tagsOf } from "./internal/tags.ts";

/** What the practice declares and AWS lets be tagged. */
const taggable: readonly ResourceClass[] = [
  Association, Bucket, BucketObject, Document, EventRule, Key, Policy, Topic, Queue, LambdaFunction, LogGroup, StateMachine, Role, MetricAlarm, CompositeAlarm,
  AlarmMuteRule, SecurityGroup, SecurityGroupIngressRule, SecurityGroupEgressRule, VpcEndpoint, Cluster, TaskDefinition, Vault, Plan, RestoreTestingPlan,
];

export const resourcesAreTagged: ResourceValidationPolicy = {
  name: "resources-are-tagged",
  description: "Every resource of the practice says whose it is: people, bills and these rules find it by its tags.",
  enforcementLevel: "advisory",
  severity: "low",
  remediationSteps: "Give it the four tags of the practice.",
  validateResource: (resource, report) => {
    if (!belongsToPractice(resource.urn) || !taggable.some((kind) => resource.isType(kind))) return;
    const tags = tagsOf(resource.props);
    const missing = Object.values(tagKeys).filter((key) => (tags[key] ?? "") === "");
    if (missing.length > 0) report(`Expected ${resource.name} to carry ${missing.join(", ")}, got no value. Add the tags.`);
  },
};
