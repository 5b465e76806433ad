import { Schedule } from "@pulumi/aws/scheduler/schedule.js";
import { Queue } from "@pulumi/aws/sqs/queue.js";
import type { Input, Resource } from "@pulumi/pulumi";
import type { Schedule as When } from "../../practice/config/words/schedule.ts";
import type { BackupEvent } from "../../practice/contract/events.ts";
import { serviceRole } from "./role.ts";
import { type Scope, type TagArea, tagsOf } from "./scope.ts";

/** A call that could not be delivered is tried for an hour; after that it would meet the next one. */
const MAXIMUM_AGE_SECONDS = 3600;

/** The longest that SQS keeps a message: a call that nobody looked at over the holidays is still there. */
const KEEP_UNDELIVERED_SECONDS = 14 * 86_400;

export interface ScheduledCallArgs {
  readonly scope: Scope;
  readonly area: TagArea;
  /** Name of schedule and queue in AWS. At most 64 characters. */
  readonly scheduleName: string;
  readonly when: When;
  readonly target: { readonly arn: Input<string>; readonly action: "states:StartExecution" | "lambda:InvokeFunction" };
  /** Times that a failed delivery is repeated. */
  readonly retries: number;
}

/** A call at the given times, and the queue where calls end that could not be made. */
export function scheduledCall(name: string, args: ScheduledCallArgs, parent: Resource): { schedule: Schedule; undelivered: Queue } {
  const { scope, area, scheduleName, when, target } = args;

  const undelivered = new Queue(name, {
    name: scheduleName,
    messageRetentionSeconds: KEEP_UNDELIVERED_SECONDS,
    sqsManagedSseEnabled: true,
    tags: tagsOf(scope, area),
  }, { parent });

  const { role, policy } = serviceRole(`${name}-schedule`, {
    scope,
    area,
    service: "scheduler.amazonaws.com",
    statements: [
      { actions: [target.action], resources: [target.arn] },
      { actions: ["sqs:SendMessage"], resources: [undelivered.arn] },
    ],
  }, parent);

  const schedule = new Schedule(name, {
    name: scheduleName,
    scheduleExpression: when.expression,
    scheduleExpressionTimezone: when.timeZone,
    flexibleTimeWindow: { mode: "OFF" },
    target: {
      arn: target.arn,
      roleArn: role.arn,
      // The schedule's own time, the same in every delivery: it names the run.
      input: JSON.stringify({ scheduledTime: "<aws.scheduler.scheduled-time>" } satisfies BackupEvent),
      deadLetterConfig: { arn: undelivered.arn },
      retryPolicy: { maximumEventAgeInSeconds: MAXIMUM_AGE_SECONDS, maximumRetryAttempts: args.retries },
    },
  }, { parent, dependsOn: [policy] });

  return { schedule, undelivered };
}
