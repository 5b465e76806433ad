import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment.js";
import { type ReportViolation, type ResourceValidationPolicy, validateResourceOfType } from "@pulumi/policy";
import { knownOf } from "./internal/known.ts";

export const rolesCarryOwnPolicies: ResourceValidationPolicy = {
  name: "roles-carry-own-policies",
  description: "A role's permissions are written in this stack: AWS's own policies are full of wildcards and change without us.",
  enforcementLevel: "mandatory",
  severity: "medium",
  remediationSteps: "Write a RolePolicy with the actions that are called.",
  validateResource: [
    validateResourceOfType(RolePolicyAttachment, (attachment, { name }, report) => judge(name, [attachment.policyArn], report)),
    validateResourceOfType(Role, (role, { name }, report) => judge(name, knownOf(role.managedPolicyArns), report)),
  ],
};

function judge(name: string, arns: readonly string[], report: ReportViolation): void {
  for (const arn of arns.filter((candidate) => /^arn:[^:]+:iam::aws:policy\//.test(candidate))) {
    report(`Expected ${name} to carry policies of this stack, got ${arn}. Write a RolePolicy instead.`);
  }
}
