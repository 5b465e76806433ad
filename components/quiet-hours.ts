import { AlarmMuteRule } from "@pulumi/aws/cloudwatch/alarmMuteRule.js";
import { ComponentResource, type ComponentResourceOptions, type Input } from "@pulumi/pulumi";
import type { QuietEntry } from "../practice/plan/entries.ts";
import { scopeName } from "../practice/contract/names.ts";
import { type Scope, tagsOf } from "./internal/scope.ts";

export interface QuietHoursArgs {
  readonly scope: Scope;
  readonly entry: QuietEntry;
  /** The alarms that page. */
  readonly alarmNames: readonly Input<string>[];
}

/** Hours in which this stack's alarms are raised and seen, but wake nobody. */
export class QuietHours extends ComponentResource {
  static readonly type = "upkeep:routing:QuietHours";

  constructor(name: string, { scope, entry, alarmNames }: QuietHoursArgs, opts?: ComponentResourceOptions) {
    super(QuietHours.type, name, { entry }, opts);
    new AlarmMuteRule(name, {
      name: `${scopeName(scope)}-quiet-hours`,
      description: `Nobody is alerted from ${entry.hours.from} to ${entry.hours.until}`,
      rule: { schedule: { expression: entry.expression, duration: entry.duration, timezone: entry.hours.timeZone } },
      muteTargets: { alarmNames: [...alarmNames] },
      tags: tagsOf(scope, "routing"),
    }, { parent: this });
    this.registerOutputs({});
  }
}
