import { CreateSecurityGroupCommand, DeleteSecurityGroupCommand, DescribeSecurityGroupsCommand } from "@aws-sdk/client-ec2";
import { CreateRoleCommand, DeleteRoleCommand, DeleteRolePolicyCommand, GetRoleCommand, GetRolePolicyCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateQueueCommand, DeleteQueueCommand, GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import type { SecurityGroupArgs } from "@pulumi/aws/ec2/securityGroup.js";
import type { RoleArgs } from "@pulumi/aws/iam/role.js";
import type { RolePolicyArgs } from "@pulumi/aws/iam/rolePolicy.js";
import type { QueueArgs } from "@pulumi/aws/sqs/queue.js";
import type { Clients } from "./clients.ts";
import { type AnyKind, documentText, given, kind, present, tagList } from "./kind.ts";

/** Who may do what and reach whom, and where calls end that could not be made. */
export const accessKinds = ({ ec2, iam, sqs }: Clients): Readonly<Record<string, AnyKind>> => ({
  "aws:iam/role:Role": kind<RoleArgs>({
    create: async ({ name, assumeRolePolicy }) => {
      const RoleName = present(name, "the name of a role");
      const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: documentText(assumeRolePolicy) }));
      return { id: RoleName, outputs: { arn: given(Role?.Arn, "the ARN of a role") } };
    },
    read: (id) => iam.send(new GetRoleCommand({ RoleName: id })),
    delete: (id) => iam.send(new DeleteRoleCommand({ RoleName: id })),
    absent: ["NoSuchEntityException"],
  }),

  "aws:iam/rolePolicy:RolePolicy": kind<RolePolicyArgs>({
    create: async ({ name, role, policy }) => {
      const named = { RoleName: role as string, PolicyName: present(name, "the name of a policy") };
      await iam.send(new PutRolePolicyCommand({ ...named, PolicyDocument: documentText(policy) }));
      return { id: `${named.RoleName}:${named.PolicyName}`, outputs: {} };
    },
    read: (_, { name, role }) => iam.send(new GetRolePolicyCommand({ RoleName: role as string, PolicyName: name })),
    delete: (_, { name, role }) => iam.send(new DeleteRolePolicyCommand({ RoleName: role as string, PolicyName: name })),
    absent: ["NoSuchEntityException"],
  }),

  // Without its rules: a function runs as a process of this machine, which reaches everything.
  "aws:ec2/securityGroup:SecurityGroup": kind<SecurityGroupArgs>({
    create: async ({ name, description, vpcId, tags }) => {
      const { GroupId } = await ec2.send(new CreateSecurityGroupCommand({
        GroupName: name, Description: description, VpcId: vpcId, TagSpecifications: [{ ResourceType: "security-group", Tags: tagList(tags) }],
      }));
      return { id: given(GroupId, "the id of a security group"), outputs: {} };
    },
    read: (id) => ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [id] })),
    delete: (id) => ec2.send(new DeleteSecurityGroupCommand({ GroupId: id })),
    absent: ["InvalidGroup.NotFound"],
  }),

  "aws:sqs/queue:Queue": kind<QueueArgs>({
    create: async ({ name, messageRetentionSeconds, sqsManagedSseEnabled, tags }) => {
      const { QueueUrl } = await sqs.send(new CreateQueueCommand({
        QueueName: present(name, "the name of a queue"),
        tags,
        Attributes: { MessageRetentionPeriod: String(messageRetentionSeconds), SqsManagedSseEnabled: String(sqsManagedSseEnabled) },
      }));
      const url = given(QueueUrl, "the address of a queue");
      const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn"] }));
      return { id: url, outputs: { url, arn: given(Attributes?.QueueArn, "the ARN of a queue") } };
    },
    read: (id) => sqs.send(new GetQueueAttributesCommand({ QueueUrl: id, AttributeNames: ["QueueArn"] })),
    delete: (id) => sqs.send(new DeleteQueueCommand({ QueueUrl: id })),
    absent: ["QueueDoesNotExist"],
  }),
});
