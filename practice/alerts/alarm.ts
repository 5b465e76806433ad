export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/** One series is meant by its dimensions: all of them, and no others. */
export interface Series {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** What somebody published, at the time that was said with it. */
export interface Published extends Series {
  readonly at: Date;
  readonly value: number;
}

export interface MetricAlarm extends Series {
  readonly kind: "metric";
  readonly name: string;
  readonly statistic: "Maximum" | "Sum";
  readonly periodSeconds: number;
  /** M of N periods have to be over the threshold. */
  readonly datapoints: number;
  readonly periods: number;
  readonly comparison: "GreaterThanThreshold" | "GreaterThanOrEqualToThreshold" | "LessThanThreshold" | "LessThanOrEqualToThreshold";
  readonly threshold: number;
  readonly missing: "breaching" | "notBreaching" | "ignore" | "missing";
}

export interface CompositeAlarm {
  readonly kind: "composite";
  readonly name: string;
  /** `ALARM("name")`: the only form that is declared. */
  readonly rule: string;
  readonly suppressor?: {
    readonly alarm: string;
    /** Seconds that a change waits for the suppressor to be raised. */
    readonly waitSeconds: number;
    /** Seconds that nothing is said after the suppressor has ended. */
    readonly extensionSeconds: number;
  };
}

export type Alarm = MetricAlarm | CompositeAlarm;
