import { interpolate, type Input, type Output } from "@pulumi/pulumi";
import type { Scope } from "./scope.ts";

/** ARN of something in the stack's own region and account, e.g. `arn(scope, "secretsmanager", "secret:campus-??????")`. */
export const arn = ({ partition, region, account }: Scope, service: string, resource: Input<string>): Output<string> =>
  interpolate`arn:${partition}:${service}:${region}:${account}:${resource}`;

/** A bucket has neither region nor account in its ARN. */
export const bucketArn = ({ partition }: Scope, bucket: Input<string>): Output<string> =>
  interpolate`arn:${partition}:s3:::${bucket}`;

/** Secrets Manager ends every ARN with six characters that nobody chooses; `??????` matches no other name. */
export const secretArn = (scope: Scope, name: Input<string>): Output<string> => arn(scope, "secretsmanager", interpolate`secret:${name}-??????`);
