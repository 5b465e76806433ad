import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import type { Input, Resource } from "@pulumi/pulumi";
import { type Scope, type TagArea, tagsOf } from "./scope.ts";

/** One thing that a role may do. Actions and resources are named; see `no-wildcard-in-roles` for what a wildcard needs. */
export interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly Input<string>[];
  readonly condition?: Record<string, Record<string, Input<string>>>;
}

export interface ServiceRoleArgs {
  readonly scope: Scope;
  readonly area: TagArea;
  /** The one service that may take the role, e.g. `lambda.amazonaws.com`. */
  readonly service: string;
  readonly statements: readonly Statement[];
  /** True where the service takes the role before it works for anybody, and then does not say for whom. Default: false. */
  readonly beforeWork?: boolean;
}

/**
 * A role with one inline policy. The document is an object, not JSON text: what is known of it stays readable in a
 * preview, where text would be unknown as a whole as soon as one ARN is.
 */
export function serviceRole(name: string, { scope, area, service, statements, beforeWork = false }: ServiceRoleArgs, parent: Resource): ServiceRole {
  const role = new Role(name, {
    assumeRolePolicy: {
      Version: "2012-10-17",
      Statement: [{
        Effect: "Allow",
        Principal: { Service: service },
        Action: "sts:AssumeRole",
        ...(namesItsCaller(service) && !beforeWork ? { Condition: { StringEquals: { "aws:SourceAccount": scope.account } } } : {}),
      }],
    },
    tags: tagsOf(scope, area),
  }, { parent });

  const policy = new RolePolicy(name, {
    role: role.name,
    policy: policyDocument(statements),
  }, { parent });

  return { role, policy };
}

/** What is allowed, as AWS reads it. */
export const policyDocument = (statements: readonly Statement[]) => ({
  Version: "2012-10-17" as const,
  Statement: statements.map(({ actions, resources, condition }) => ({
    Effect: "Allow" as const,
    Action: [...actions],
    Resource: [...resources],
    ...(condition === undefined ? {} : { Condition: condition }),
  })),
});

/**
 * These services say for which account they take a role, so another account cannot make them use ours (the confused
 * deputy). Lambda and S3 do not say it; the condition would lock them out.
 */
const namesItsCaller = (service: string): boolean => ["scheduler.amazonaws.com", "states.amazonaws.com", "ecs-tasks.amazonaws.com"].includes(service);

export interface ServiceRole {
  readonly role: Role;
  /** To depend on: a role without its policy refuses what it exists for. */
  readonly policy: RolePolicy;
}
