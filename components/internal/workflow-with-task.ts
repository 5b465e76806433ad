import type { StateMachine } from "@pulumi/aws/sfn/stateMachine.js";
import type { Resource } from "@pulumi/pulumi";
import type { HandOver, PlanRequest, Runner, RunRequest, VerifyRequest } from "../../practice/contract/runner.ts";
import { askSeconds } from "../../practice/plan/runner.ts";
import { ASK_AGAIN_SECONDS, callFunction, ENDED_BY_LAMBDA } from "./call-function.ts";
import { runTask, runTaskStatements, type RunTaskArgs } from "./run-task.ts";
import { stateMachine } from "./state-machine.ts";
import type { BackupWorkflowArgs } from "./workflow.ts";

export interface BackupWorkflowWithTaskArgs extends BackupWorkflowArgs, Pick<RunTaskArgs, "tasks" | "task" | "vpc"> {
  /** Where a run is made until one was measured. */
  readonly declared: Runner;
  /** Of a task. */
  readonly timeoutSeconds: number;
}

const fargate: Runner = "fargate";
const lambda: Runner = "lambda";
const escalate: HandOver["outcome"] = "escalate";

/** A request, in which the keys that end in `.$` are taken from the state's input. */
type Asked<Request extends { readonly action: string }> = Readonly<Record<string, string>> & Pick<Request, "action">;

const run = { action: "run", "scheduledTime.$": "$.scheduledTime" } as const satisfies Asked<RunRequest>;
const verify = { action: "verify", "scheduledTime.$": "$.scheduledTime" } as const satisfies Asked<VerifyRequest>;

/**
 * One run of a backup that may be too large for a function: asks where it shall be, makes it there, hands over from the
 * function to the task, and believes neither of them but what lies in the store.
 */
export function backupWorkflowWithTask(name: string, args: BackupWorkflowWithTaskArgs, parent: Resource): StateMachine {
  const { scope, stateMachineName, backup, entry, declared } = args;
  const { retryAfterSeconds } = entry;
  const ask = (timeoutSeconds: number) => ({ scope, function: backup, timeoutSeconds, retryAfterSeconds: ASK_AGAIN_SECONDS });

  return stateMachine(name, {
    scope, area: "backup", stateMachineName, logDays: entry.logDays,
    statements: [{ actions: ["lambda:InvokeFunction"], resources: [backup.arn] }, ...runTaskStatements(args)],
    definition: {
      Comment: "Dump, store, manifest, in a function or in a task. A second delivery of the same run changes nothing.",
      StartAt: "Plan",
      States: {
        Plan: {
          ...callFunction({ ...ask(askSeconds.plan), payload: { action: "plan", declared } satisfies PlanRequest }),
          ResultSelector: { "runner.$": "$.Payload.runner", "because.$": "$.Payload.because" },
          ResultPath: "$.choice",
          Next: "Choose",
        },
        // Nothing is the default: an answer that nobody knows ends the run, and the alarm says so.
        Choose: {
          Type: "Choice",
          Choices: [
            { Variable: "$.choice.runner", StringEquals: lambda, Next: "Run" },
            { Variable: "$.choice.runner", StringEquals: fargate, Next: "Task" },
          ],
        },
        Run: {
          ...callFunction({ scope, function: backup, payload: run, timeoutSeconds: entry.timeoutSeconds, retryAfterSeconds, notAgainAfter: ENDED_BY_LAMBDA }),
          ResultSelector: { "answer.$": "$.Payload" },
          ResultPath: "$.run",
          // What a function had too little memory or time for, it has too little for again.
          Catch: [{ ErrorEquals: ENDED_BY_LAMBDA, ResultPath: "$.ended", Next: "Ended" }],
          Next: "Done",
        },
        Done: {
          Type: "Choice",
          Choices: [{ Variable: "$.run.answer.outcome", StringEquals: escalate, Next: "Escalate" }],
          Default: "Verify",
        },
        Escalate: {
          Type: "Pass",
          Parameters: { runner: fargate, "because.$": "$.run.answer.because" },
          ResultPath: "$.choice",
          Next: "Task",
        },
        Ended: {
          Type: "Pass",
          Parameters: { runner: fargate, "because.$": "States.Format('Lambda ended the function before its dump was whole: {}', $.ended.Error)" },
          ResultPath: "$.choice",
          Next: "Task",
        },
        Task: { ...runTask({ ...args, retryAfterSeconds }), Next: "Verify" },
        Verify: {
          ...callFunction({ ...ask(askSeconds.verify), payload: verify }),
          ResultSelector: { "backup.$": "$.Payload" },
          ResultPath: "$.verified",
          Next: "Report",
        },
        Report: {
          Type: "Pass",
          Parameters: {
            "outcome.$": "$.verified.backup.outcome", "manifestKey.$": "$.verified.backup.manifestKey", "bytes.$": "$.verified.backup.bytes",
            "runner.$": "$.choice.runner", "because.$": "$.choice.because",
          },
          End: true,
        },
      },
    },
  }, parent);
}
