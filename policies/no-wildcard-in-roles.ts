import { Policy } from "@pulumi/aws/iam/policy.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { type ResourceValidationPolicy, validateResourceOfType } from "@pulumi/policy";
import { knownResources, listOf, type Statement, statementsOf } from "./internal/documents.ts";
import { eachKnown, judgeApart } from "./internal/known.ts";
import { isOpen, resourceless } from "./internal/wildcards.ts";

export const noWildcardInRoles: ResourceValidationPolicy = {
  name: "no-wildcard-in-roles",
  description: "A role names what it may do, and on what; a wildcard needs a written reason.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Name each action and resource. Where AWS lets none be named, write the reason into policies/internal/wildcards.ts.",
  validateResource: [
    validateResourceOfType(RolePolicy, ({ policy }, { name }, report) => judgeDocument(name, policy, report)),
    validateResourceOfType(Policy, ({ policy }, { name }, report) => judgeDocument(name, policy, report)),
    validateResourceOfType(Role, ({ assumeRolePolicy, inlinePolicies }, { name }, report) => {
      judgeApart([
        () => judgeTrust(name, assumeRolePolicy, report),
        ...(inlinePolicies ?? []).map((inline) => () => judgeDocument(name, inline.policy, report)),
      ]);
    }),
  ],
};

type Report = (message: string) => void;

function judgeDocument(name: string, document: unknown, report: Report): void {
  eachKnown(statementsOf(document).filter(({ Effect }) => Effect === "Allow"), (statement) => {
    if (statement.NotAction !== undefined || statement.NotResource !== undefined) {
      report(`Expected ${name} to name what is allowed, got NotAction or NotResource, which allow all the rest. Name the actions and resources.`);
    }
    const actions = listOf(statement.Action);
    for (const action of actions.filter((candidate) => /[*?]/.test(candidate))) {
      report(`Expected ${name} to name its actions, got ${action}. List the actions that are called.`);
    }
    for (const resource of knownResources(statement).filter(isOpen)) {
      const unexplained = resource === "*" ? actions.filter((action) => !isExplained(action, statement)) : actions;
      if (unexplained.length === 0) continue;
      report(`Expected ${name} to name the resource of ${unexplained.join(", ")}, got ${resource}. Use the ARN, or give the written reason.`);
    }
  });
}

const isExplained = (action: string, { Condition: condition }: Statement): boolean =>
  action in resourceless &&
  (action !== "cloudwatch:PutMetricData" || condition?.["StringEquals"]?.["cloudwatch:namespace"] !== undefined);

function judgeTrust(name: string, document: unknown, report: Report): void {
  eachKnown(statementsOf(document).filter(({ Effect }) => Effect === "Allow"), ({ Principal: principal }) => {
    const principals = typeof principal === "object" ? Object.values(principal).flatMap(listOf) : listOf(principal);
    if (principals.includes("*")) report(`Expected ${name} to name who may take it, got everyone. Name the service.`);
  });
}
