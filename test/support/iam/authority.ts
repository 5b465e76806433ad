import { ACCOUNT, type DeclaredStack } from "./declared-stack.ts";
import type { PolicyDocument } from "./policy-document.ts";
import { answerTo, type Request } from "./simulate.ts";

/** What KMS gives a key that is declared without a policy: the account's own roles decide (KMS developer guide, default key policy). */
const defaultKeyPolicy: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: "kms:*", Resource: "*" }],
};

/** Answers as the account would in which the stack was deployed: roles, and the policies of what is asked for. */
export interface Authority {
  /** `identity`: the principal's own policy; a service has none. */
  readonly answer: (request: Request, identity?: PolicyDocument) => Promise<"allowed" | "denied">;
}

export function authorityOf({ resources, the }: DeclaredStack): Authority {
  const own = new Map<string, PolicyDocument>();
  for (const { type, name, inputs, outputs } of resources) {
    const { policy } = inputs;
    if (type === "aws:s3/bucketPolicy:BucketPolicy") own.set(String(the("aws:s3/bucket:Bucket", name).outputs.arn), policy as PolicyDocument);
    if (type === "aws:sns/topicPolicy:TopicPolicy") own.set(String(inputs.arn), policy as PolicyDocument);
    if (type === "aws:iam/role:Role") own.set(String(outputs.arn), inputs.assumeRolePolicy as PolicyDocument);
    if (type === "aws:kms/key:Key" && typeof policy === "string") own.set(String(outputs.arn), JSON.parse(policy) as PolicyDocument);
  }
  const policyOf = (arn: string): PolicyDocument | undefined =>
    own.get(arn) ?? own.get(arn.split("/")[0] ?? "") ?? (arn.startsWith("arn:aws:kms:") ? defaultKeyPolicy : undefined);

  return {
    answer: (request, identity) => {
      const resource = policyOf(request.resource);
      return answerTo(request, { ...(identity && { identity }), ...(resource && { resource }) }, ACCOUNT);
    },
  };
}
