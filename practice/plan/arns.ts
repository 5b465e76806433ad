import type { Identifier } from "../config/settings.ts";

/** Where the stack lives, as far as an ARN says it. */
export interface ArnScope {
  readonly region: string;
  readonly account: Identifier;
}

/** China and GovCloud are partitions of their own; a hard-coded `aws` would name nothing there. */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  if (region.startsWith("us-gov-")) return "aws-us-gov";
  return "aws";
}
