import type { Input } from "@pulumi/pulumi";
import { metricNamespace } from "../../practice/contract/metrics.ts";
import type { Grant, GrantTarget } from "../../practice/contract/permissions.ts";
import type { Statement } from "./role.ts";

/** ARNs in place of the parts that a handler's grants name. A part that this stack does not have is left out. */
export type GrantTargets = Readonly<Partial<Record<Exclude<GrantTarget, "metrics" | "lists">, readonly Input<string>[]>>>;

/** The handler's declared permissions as statements of its role; nothing else is ever added to it. */
export function statementsOf(grants: readonly Grant[], targets: GrantTargets): readonly Statement[] {
  return grants.flatMap(({ actions, on }): readonly Statement[] => {
    if (on === "lists") return [{ actions, resources: ["*"] }];
    if (on === "metrics") {
      return [{ actions, resources: ["*"], condition: { StringEquals: { "cloudwatch:namespace": metricNamespace } } }];
    }
    const resources = targets[on];
    return resources === undefined ? [] : [{ actions, resources }];
  });
}
