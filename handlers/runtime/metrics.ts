import { type CloudWatchClient, PutMetricDataCommand, type StandardUnit } from "@aws-sdk/client-cloudwatch";
import { metricDimensions, metricNames, metricNamespace } from "../../practice/contract/metrics.ts";

/** Whose gauges they are. */
export interface GaugeScope {
  readonly system: string;
  readonly stack: string;
}

export interface Gauge {
  readonly name: keyof typeof metricNames;
  readonly value: number;
  /** Absent: the gauge is about the whole stack. */
  readonly source?: string;
}

export type PublishGauges = (gauges: readonly Gauge[]) => Promise<void>;

const units: { readonly [Name in keyof typeof metricNames]: StandardUnit } = {
  backupAge: "Seconds",
  backupBytes: "Bytes",
  backupsHeldBack: "Count",
  backupsNotCopied: "Count",
  backupSizeOfMedian: "Percent",
  backupSizeOff: "Percent",
  backupsCorrupted: "Count",
  checksumsAge: "Seconds",
  decodeAge: "Seconds",
  restoreAge: "Seconds",
  restoreDuration: "Milliseconds",
  evidenceRuns: "Count",
};

/** PutMetricData takes that many in one request. */
const GAUGES_PER_REQUEST = 1000;

export function gaugePublisher(cloudWatch: CloudWatchClient, scope: GaugeScope, now: () => Date): PublishGauges {
  return async (gauges) => {
    const at = now();
    for (let first = 0; first < gauges.length; first += GAUGES_PER_REQUEST) {
      await cloudWatch.send(new PutMetricDataCommand({
        Namespace: metricNamespace,
        MetricData: gauges.slice(first, first + GAUGES_PER_REQUEST).map(({ name, value, source }) => ({
          MetricName: metricNames[name],
          Value: value,
          Unit: units[name],
          Timestamp: at,
          Dimensions: [
            { Name: metricDimensions.system, Value: scope.system },
            { Name: metricDimensions.stack, Value: scope.stack },
            ...(source === undefined ? [] : [{ Name: metricDimensions.source, Value: source }]),
          ],
        })),
      }));
    }
  };
}
