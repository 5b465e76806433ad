import { describe, expect, it } from "vitest";
import { noWildcardInRoles } from "../../policies/no-wildcard-in-roles.ts";
import { rolesCarryOwnPolicies } from "../../policies/roles-carry-own-policies.ts";
import { judge, type Stack, UNKNOWN } from "../support/policy.ts";
import { broken, part } from "./valid-stack.ts";

type Statement = Record<string, unknown>;

const allowing = (statement: Statement): Stack => broken((stack) => {
  part(stack, "accounts-rights").props["policy"] = { Statement: [{ Effect: "Allow", ...statement }] };
});
const messagesFor = async (statement: Statement): Promise<readonly string[]> => (await judge(noWildcardInRoles, allowing(statement))).messages;

describe("no-wildcard-in-roles", () => {
  it.each(["*", "s3:*", "s3:Get*", "s3:Get?bject"])("refuses the action %s", async (action) => {
    expect(await messagesFor({ Action: action, Resource: "arn:aws:s3:::campus/key" })).toEqual([expect.stringContaining(`got ${action}.`)]);
  });

  it.each([
    "*", "arn:aws:s3:::*", "arn:aws:s3:::campus-*", "arn:aws:s3:::*/*", "arn:aws:s3:::campus/*/secret",
    "arn:aws:logs:eu-central-1:123456789012:log-group:*", "arn:aws:logs:*:123456789012:log-group:/aws/lambda/campus:*",
    "arn:aws:secretsmanager:eu-central-1:123456789012:secret:*", "arn:aws:secretsmanager:eu-central-1:123456789012:secret:campus*",
    "arn:aws:lambda:eu-central-1:123456789012:function:*", "arn:aws:kms:eu-central-1:123456789012:key/*",
    "arn:aws:ssm:eu-central-1:123456789012:parameter/*", "arn:aws:states:eu-central-1:123456789012:stateMachine:*", "arn:aws:scheduler:eu-central-1:123456789012:schedule/*/*",
    "arn:aws:cloudwatch::123456789012:dashboard/campus*", "arn:aws:ecs:eu-central-1:123456789012:task/*", "arn:aws:ecs:eu-central-1:123456789012:task/campus-*/*",
  ])("refuses the resource %s", async (resource) => {
    expect(await messagesFor({ Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::named/key", resource] }))
      .toEqual([expect.stringContaining(`the resource of s3:GetObject, got ${resource}.`)]);
  });

  it.each([
    "arn:aws:s3:::campus/*", "arn:aws:s3:::campus/accounts/*", "arn:aws-cn:s3:::campus/*",
    "arn:aws:logs:eu-central-1:123456789012:log-group:/aws/lambda/campus:*",
    "arn:aws:secretsmanager:eu-central-1:123456789012:secret:campus/prod/accounts-??????",
    "arn:aws:states:eu-central-1:123456789012:execution:campus-accounts:*", "arn:aws:ecs:eu-central-1:123456789012:task/campus-prod-tasks/*",
    "arn:aws:ssm:eu-central-1:123456789012:parameter/campus/prod/*", "arn:aws:states:eu-central-1:123456789012:stateMachine:campus-prod-*",
    "arn:aws:scheduler:eu-central-1:123456789012:schedule/default/campus-prod-*", "arn:aws:cloudwatch::123456789012:dashboard/campus-prod-*",
  ])("accepts %s, whose name stands", async (resource) => {
    expect(await messagesFor({ Action: "s3:GetObject", Resource: resource })).toEqual([]);
  });

  it("accepts * for an action that has a written reason, and for no other beside it", async () => {
    expect(await messagesFor({ Action: ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"], Resource: "*" })).toEqual([]);
    expect(await messagesFor({ Action: "ecr:GetAuthorizationToken", Resource: "*" })).toEqual([]);
    expect(await messagesFor({ Action: ["ec2:CreateNetworkInterface", "ec2:RunInstances"], Resource: "*" }))
      .toEqual([expect.stringContaining("the resource of ec2:RunInstances, got *.")]);
  });

  it("accepts PutMetricData only into a named namespace", async () => {
    const publish = { Action: "cloudwatch:PutMetricData", Resource: "*" };
    expect(await messagesFor({ ...publish, Condition: { StringEquals: { "cloudwatch:namespace": "Upkeep" } } })).toEqual([]);
    expect(await messagesFor(publish)).toEqual([expect.stringContaining("cloudwatch:PutMetricData")]);
  });

  it.each(["NotAction", "NotResource"])("refuses %s", async (key) => {
    expect(await messagesFor({ Action: "s3:GetObject", Resource: "arn:aws:s3:::campus/*", [key]: "s3:DeleteObject" }))
      .toEqual([expect.stringContaining("which allow all the rest")]);
  });

  it("lets a statement deny what it likes", async () => {
    expect(await messagesFor({ Effect: "Deny", Action: "*", Resource: "*" })).toEqual([]);
  });

  it("reads JSON text, single statements, managed policies and inline ones", async () => {
    const text = JSON.stringify({ Statement: { Effect: "Allow", Action: "*", Resource: UNKNOWN.slice(1) } });
    const one = [expect.stringContaining("got *.")];
    expect((await judge(noWildcardInRoles, { rights: { type: "aws:iam/rolePolicy:RolePolicy", props: { policy: text } } })).messages).toEqual(one);
    expect((await judge(noWildcardInRoles, { rights: { type: "aws:iam/policy:Policy", props: { policy: text } } })).messages).toEqual(one);
    expect((await judge(noWildcardInRoles, { role: { type: "aws:iam/role:Role", props: { inlinePolicies: [{ policy: text }] } } })).messages).toEqual(one);
  });

  it.each<[string, unknown]>([["*", "*"], ["every account", { AWS: "*" }], ["every account in a list", { AWS: ["*"] }]])("refuses a role that anybody may take: %s", async (_, principal) => {
    const verdict = await judge(noWildcardInRoles, broken((stack) => {
      part(stack, "accounts-role").props["assumeRolePolicy"] = { Statement: [{ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole" }] };
    }));
    expect(verdict).toEqual({ messages: [expect.stringContaining("got everyone")], about: ["accounts-role"] });
  });

  it("judges the known resources beside an unknown one, and doubts neither", async () => {
    const verdict = await judge(noWildcardInRoles, allowing({ Action: "s3:GetObject", Resource: [UNKNOWN, "arn:aws:s3:::*"] }));
    expect(verdict).toEqual({ messages: [expect.stringContaining("got arn:aws:s3:::*.")], about: ["accounts-rights"] });
    expect(await judge(noWildcardInRoles, allowing({ Action: "s3:GetObject", Resource: UNKNOWN }))).toEqual({ messages: [], about: [] });
  });

  it("doubts a document or an action that is unknown", async () => {
    const document = await judge(noWildcardInRoles, broken((stack) => { part(stack, "accounts-rights").props["policy"] = UNKNOWN; }));
    expect(document).toEqual({ messages: [], about: [], doubt: expect.stringContaining(".policy can't be known") as string });
    const action = await judge(noWildcardInRoles, allowing({ Action: [UNKNOWN], Resource: "*" }));
    expect(action.doubt).toContain("Action.0");
  });
});

describe("roles-carry-own-policies", () => {
  const administrator = "arn:aws:iam::aws:policy/AdministratorAccess";
  const attached = (policyArn: string): Stack => ({
    attached: { type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment", props: { role: "accounts", policyArn } },
  });

  it("refuses a policy of AWS's, attached or listed", async () => {
    const message = [expect.stringContaining(`to carry policies of this stack, got ${administrator}.`)];
    expect(await judge(rolesCarryOwnPolicies, attached(administrator))).toEqual({ messages: message, about: ["attached"] });
    const listed = broken((stack) => { part(stack, "accounts-role").props["managedPolicyArns"] = [UNKNOWN, administrator]; });
    expect(await judge(rolesCarryOwnPolicies, listed)).toEqual({ messages: message, about: ["accounts-role"] });
  });

  it("accepts a policy of the account", async () => {
    expect(await judge(rolesCarryOwnPolicies, attached("arn:aws:iam::123456789012:policy/campus"))).toEqual({ messages: [], about: [] });
  });

  it("doubts an attachment whose policy is unknown", async () => {
    expect((await judge(rolesCarryOwnPolicies, attached(UNKNOWN))).doubt).toContain("policyArn");
  });
});
