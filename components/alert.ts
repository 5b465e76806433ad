import { CompositeAlarm } from "@pulumi/aws/cloudwatch/compositeAlarm.js";
import { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import { ComponentResource, interpolate, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import { measures } from "../practice/alerts/signals.ts";
import type { AlertEntry } from "../practice/plan/entries.ts";
import { scopeName } from "../practice/contract/names.ts";
import { type Scope, tagsOf } from "./internal/scope.ts";

export interface AlertArgs {
  readonly scope: Scope;
  readonly entry: AlertEntry;
  /** Which of the metric's series is meant. */
  readonly dimensions: Readonly<Record<string, Input<string>>>;
  /** Topic of the alert's severity. Absent only when the alert has no route, which the plan refuses. */
  readonly topicArn?: Input<string>;
  /** The alert that keeps this one quiet while it is raised itself. */
  readonly suppressedBy?: Alert;
}

/**
 * Both alarms miss the same gauges but are evaluated one after the other: so long the page waits for the alarm that
 * would suppress it, and so long it stays quiet after that one has ended.
 */
const SUPPRESSOR_SECONDS = 120;

/** One alert: the metric alarm and, where another alert may suppress it, the composite alarm that pages in its place. */
export class Alert extends ComponentResource {
  static readonly type = "upkeep:alerts:Alert";

  /** Name of the alarm that people see and that pages. */
  readonly alarmName: Output<string>;

  constructor(name: string, { scope, entry, dimensions, topicArn, suppressedBy }: AlertArgs, opts?: ComponentResourceOptions) {
    super(Alert.type, name, { entry }, opts);
    const tags = tagsOf(scope, "monitors");
    const alarmName = `${scopeName(scope)}-${entry.name}`;
    const actions = topicArn === undefined ? [] : [topicArn];
    const measure = measures[entry.signal.kind];

    // A fault's alarm ends by the clock, mended or not: an all-clear would be a lie. A gauge that is good again is one.
    const alarm = new MetricAlarm(name, {
      name: suppressedBy === undefined ? alarmName : `${alarmName}-measured`,
      alarmDescription: describe(entry),
      namespace: measure.namespace,
      metricName: measure.metric,
      dimensions,
      statistic: measure.statistic,
      period: measure.periodSeconds,
      evaluationPeriods: measure.periods,
      datapointsToAlarm: measure.datapoints,
      comparisonOperator: measure.comparison,
      threshold: entry.threshold,
      treatMissingData: measure.missing,
      ...(suppressedBy === undefined ? { alarmActions: actions, okActions: measure.missing === "breaching" ? actions : [] } : {}),
      tags,
    }, { parent: this });

    this.alarmName = suppressedBy === undefined ? alarm.name : new CompositeAlarm(name, {
      alarmName,
      alarmDescription: describe(entry),
      alarmRule: interpolate`ALARM("${alarm.name}")`,
      actionsSuppressor: { alarm: suppressedBy.alarmName, waitPeriod: SUPPRESSOR_SECONDS, extensionPeriod: SUPPRESSOR_SECONDS },
      alarmActions: actions,
      okActions: actions,
      tags,
    }, { parent: this }).alarmName;

    this.registerOutputs({ alarmName: this.alarmName });
  }
}

/** All that a person needs at three in the morning; CloudWatch puts it into every message. At most 1,024 characters. */
const describe = ({ severity, title, thresholdInWords, runbook, owner }: AlertEntry): string =>
  `${severity}: ${title} (${thresholdInWords}).\nRunbook: ${runbook}\nOwner: ${owner}`;
