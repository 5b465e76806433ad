import { runSimulation } from "@cloud-copilot/iam-simulate";
import type { PolicyDocument } from "./policy-document.ts";

export interface Request {
  /** ARN of a role, or a service, e.g. `cloudwatch.amazonaws.com`. */
  readonly principal: string;
  readonly action: string;
  /** `*` where AWS lets no resource be named. */
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
}

interface Policies {
  readonly identity?: PolicyDocument;
  /** Of the bucket, topic, key or role that is asked for. */
  readonly resource?: PolicyDocument;
}

/** What AWS would answer. Throws for a request or a policy that AWS would not take: an action that does not exist, a malformed ARN. */
export async function answerTo({ principal, action, resource, context = {} }: Request, policies: Policies, account: string): Promise<"allowed" | "denied"> {
  const answer = await runSimulation({
    request: { principal, action, resource: { resource, accountId: account }, contextVariables: { "aws:SecureTransport": "true", ...context } },
    identityPolicies: policies.identity === undefined ? [] : [{ name: "role", policy: policies.identity }],
    ...(policies.resource === undefined ? {} : { resourcePolicy: policies.resource }),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  }, {});
  if (answer.resultType === "error") {
    throw new Error(`Expected a request and policies that AWS would take, got ${action} on ${resource}: ${JSON.stringify(answer.errors)}.`);
  }
  return answer.overallResult === "Allowed" ? "allowed" : "denied";
}
