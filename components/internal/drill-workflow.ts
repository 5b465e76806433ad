import type { StateMachine } from "@pulumi/aws/sfn/stateMachine.js";
import type { Resource } from "@pulumi/pulumi";
import type { DrilledAnswer, DrilledRequest } from "../../practice/contract/events.ts";
import type { DrillEntry } from "../../practice/plan/entries.ts";
import { askSeconds } from "../../practice/plan/runner.ts";
import type { Verification } from "../verification.ts";
import { ASK_AGAIN_SECONDS, callFunction } from "./call-function.ts";
import { runTask, runTaskStatements, type RunTaskArgs } from "./run-task.ts";
import { stateMachine } from "./state-machine.ts";

export interface DrillWorkflowArgs extends Pick<RunTaskArgs, "scope" | "tasks" | "task" | "vpc"> {
  /** Name of the state machine in AWS. At most 80 characters. */
  readonly stateMachineName: string;
  readonly entry: DrillEntry;
  readonly verification: Pick<Verification, "functionArn">;
}

/** The whole input: the schedule's own time, and how the task ended where it did not end well. */
const drilled = { action: "drilled", "run.$": "$" } as const satisfies Pick<DrilledRequest, "action"> & Readonly<Record<string, string>>;

const restored: DrilledAnswer["outcome"] = "restored";

/**
 * One drill: the task, and then the store is asked what it wrote down, however the task says that it ended. What was
 * found, or that nothing was, is how the execution ends, in words: its history is the first thing to read.
 */
export function drillWorkflow(name: string, args: DrillWorkflowArgs, parent: Resource): StateMachine {
  const { scope, stateMachineName, entry, verification } = args;
  const { retryAfterSeconds, task: { timeoutSeconds }, logDays } = entry;

  return stateMachine(name, {
    scope, area: "verification", stateMachineName, logDays, roleEnding: "flow",
    statements: [...runTaskStatements(args), { actions: ["lambda:InvokeFunction"], resources: [verification.functionArn] }],
    definition: {
      Comment: "The newest backup, restored and compared. A second delivery of the same drill changes nothing, and finds what the first one found.",
      StartAt: "Drill",
      States: {
        Drill: {
          ...runTask({ ...args, timeoutSeconds, retryAfterSeconds }),
          Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.ended", Next: "Ask" }],
          Next: "Ask",
        },
        Ask: {
          ...callFunction({ scope, function: { arn: verification.functionArn }, payload: drilled, timeoutSeconds: askSeconds.verify, retryAfterSeconds: ASK_AGAIN_SECONDS }),
          ResultSelector: { "outcome.$": "$.Payload.outcome", "said.$": "$.Payload.said", "key.$": "$.Payload.key" },
          ResultPath: "$.drill",
          Next: "Judge",
        },
        // Nothing is the default: a word that nobody knows is no success.
        Judge: { Type: "Choice", Choices: [{ Variable: "$.drill.outcome", StringEquals: restored, Next: "Restored" }], Default: "NotRestored" },
        Restored: { Type: "Pass", OutputPath: "$.drill", End: true },
        NotRestored: { Type: "Fail", ErrorPath: "$.drill.outcome", CausePath: "$.drill.said" },
      },
    },
  }, parent);
}
