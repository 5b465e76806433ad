import { Schedule } from "@pulumi/aws/scheduler/schedule.js";
import { Queue } from "@pulumi/aws/sqs/queue.js";
import type { Input, Resource } from "@pulumi/pulumi";
import type { Schedule as When } from "../../practice/config/words/schedule.ts";
import type { BackupEvent, CheckEvent } from "../../practice/contract/events.ts";
import { serviceRole } from "./role.ts";
import { type Scope, type TagArea, tagsOf } from "./scope.ts";

/** A call that could not be delivered is tried for an hour; after that it would meet the next one. */
const MAXIMUM_AGE_SECONDS = 3600;

/** The longest that SQS keeps a message: a call that nobody looked at over the holidays is still there. */
const KEEP_UNDELIVERED_SECONDS = 14 * 86_400;

interface CallArgs {
  readonly scope: Scope;
  readonly area: TagArea;
  readonly target: { readonly arn: Input<string>; readonly action: "states:StartExecution" | "lambda:InvokeFunction" };
  /** Times that a failed delivery is repeated. */
  readonly retries: number;
}

export interface ScheduledCallArgs extends CallArgs {
  /** Name of schedule and queue in AWS. At most 64 characters. */
  readonly scheduleName: string;
  readonly when: When;
}

export interface ScheduledCallsArgs extends CallArgs {
  /** Name of the queue in AWS. At most 64 characters. */
  readonly queueName: string;
  /** What the role of the schedules ends in. */
  readonly roleEnding: string;
  readonly calls: readonly {
    /** What the schedule's name ends in; none where it is the only one. */
    readonly ending?: string;
    /** In AWS. At most 64 characters. */
    readonly scheduleName: string;
    readonly when: When;
    /** What the target is told beside the schedule's own time. */
    readonly event?: Omit<CheckEvent, keyof BackupEvent>;
  }[];
}

/** A call at the given times, and the queue where calls end that could not be made. */
export const scheduledCall = (name: string, { scheduleName, when, ...args }: ScheduledCallArgs, parent: Resource): { undelivered: Queue } =>
  scheduledCalls(name, { ...args, queueName: scheduleName, roleEnding: "schedule", calls: [{ scheduleName, when }] }, parent);

/** Calls of one target that differ in when they come and what they say. They share a role and a queue. */
export function scheduledCalls(name: string, args: ScheduledCallsArgs, parent: Resource): { undelivered: Queue } {
  const { scope, area, queueName, roleEnding, target, calls } = args;

  const undelivered = new Queue(name, {
    name: queueName,
    messageRetentionSeconds: KEEP_UNDELIVERED_SECONDS,
    sqsManagedSseEnabled: true,
    tags: tagsOf(scope, area),
  }, { parent });

  const { role, policy } = serviceRole(`${name}-${roleEnding}`, {
    scope,
    area,
    service: "scheduler.amazonaws.com",
    statements: [
      { actions: [target.action], resources: [target.arn] },
      { actions: ["sqs:SendMessage"], resources: [undelivered.arn] },
    ],
  }, parent);

  for (const { ending, scheduleName, when, event } of calls) {
    new Schedule(ending === undefined ? name : `${name}-${ending}`, {
      name: scheduleName,
      scheduleExpression: when.expression,
      scheduleExpressionTimezone: when.timeZone,
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: target.arn,
        roleArn: role.arn,
        // The schedule's own time, the same in every delivery: it names the run.
        input: JSON.stringify({ scheduledTime: "<aws.scheduler.scheduled-time>", ...event } satisfies BackupEvent),
        deadLetterConfig: { arn: undelivered.arn },
        retryPolicy: { maximumEventAgeInSeconds: MAXIMUM_AGE_SECONDS, maximumRetryAttempts: args.retries },
      },
    }, { parent, dependsOn: [policy] });
  }
  return { undelivered };
}
