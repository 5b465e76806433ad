import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import type { StackValidationPolicy } from "@pulumi/policy";
import { isBelow } from "./internal/components.ts";
import { listOf, statementsOf } from "./internal/documents.ts";
import { drillsOf } from "./internal/drills.ts";
import { eachKnown } from "./internal/known.ts";

/** With one of these a drill could get into the database that it is from, or into what a person set up beside it. */
const wayIn = /^(secretsmanager|ssm|rds|rds-db|docdb|elasticache|redshift|dynamodb):/;

export const drillsReachNothing: StackValidationPolicy = {
  name: "drills-reach-nothing",
  description: "A restore drill may read no secret and ask no database's service: whatever it is told, it has no way into production.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps: "Take the action out of the roles below the RestoreDrill: its server stands beside it and asks for no password.",
  validateStack: (args, report) => {
    const { resources } = args;
    eachKnown(drillsOf(args, report), (drill) => {
      const rights = resources.filter((resource) => resource.isType(RolePolicy) && isBelow(resource, drill));
      eachKnown(rights, (resource) => {
        const actions = statementsOf(resource.asType(RolePolicy)?.policy).flatMap(({ Effect, Action }) => (Effect === "Allow" ? listOf(Action) : []));
        for (const action of actions.filter((one) => wayIn.test(one) || one.startsWith("*"))) {
          report(`Expected ${resource.name} to give no way into a database, got ${action}. Remove it.`, drill.urn);
        }
      });
    });
  },
};
