import type { StateMachine } from "@pulumi/aws/sfn/stateMachine.js";
import type { Resource } from "@pulumi/pulumi";
import type { ExportProgress, ExportRequest, RemoveRequest } from "../../practice/contract/elasticache.ts";
import type { RunRequest, VerifyRequest } from "../../practice/contract/runner.ts";
import { askSeconds } from "../../practice/plan/runner.ts";
import { ASK_AGAIN_SECONDS, callFunction } from "./call-function.ts";
import { stateMachine } from "./state-machine.ts";
import type { BackupWorkflowArgs } from "./workflow.ts";

export interface ExportWorkflowArgs extends BackupWorkflowArgs {
  /** Between two looks at how far the export is. */
  readonly lookEverySeconds: number;
}

/** A request, in which the keys that end in `.$` are taken from the state's input. */
type Asked<Request extends { readonly action: string }> = Readonly<Record<string, string>> & Pick<Request, "action">;

const look = {
  action: "export", "scheduledTime.$": "$.scheduledTime", "startedTime.$": "$.export.startedTime", "copying.$": "$.export.copying",
} as const satisfies Asked<ExportRequest>;
const run = { action: "run", "scheduledTime.$": "$.scheduledTime" } as const satisfies Asked<RunRequest>;
const verify = { action: "verify", "scheduledTime.$": "$.scheduledTime" } as const satisfies Asked<VerifyRequest>;
const remove = { action: "remove", "scheduledTime.$": "$.scheduledTime" } as const satisfies Asked<RemoveRequest>;

const outcomes = { waiting: "waiting", exported: "exported", stored: "already-stored" } as const satisfies Readonly<Record<string, ExportProgress["outcome"]>>;

/**
 * One run of a backup that ElastiCache exports: looks and waits until the export lies whole, stores it, asks the store
 * whether it is there, and removes snapshot and export, also after a failure. What was exported is removed only once the
 * store has it. The time that an export may take is kept by the function, which says what it waited for.
 */
export function exportWorkflow(name: string, args: ExportWorkflowArgs, parent: Resource): StateMachine {
  const { scope, stateMachineName, backup, entry } = args;
  const ask = (payload: Readonly<Record<string, string>>) => callFunction({ scope, function: backup, payload, timeoutSeconds: askSeconds.verify, retryAfterSeconds: ASK_AGAIN_SECONDS });
  const clearing = { Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.failed", Next: "Clear" }] };

  return stateMachine(name, {
    scope, area: "backup", stateMachineName, logDays: entry.logDays,
    statements: [{ actions: ["lambda:InvokeFunction"], resources: [backup.arn] }],
    definition: {
      Comment: "Snapshot, export, store, manifest; then neither snapshot nor export. A second delivery of the same run changes nothing.",
      StartAt: "Begin",
      States: {
        Begin: { Type: "Pass", Parameters: { copying: false, "startedTime.$": "$$.Execution.StartTime" }, ResultPath: "$.export", Next: "Look" },
        Look: {
          ...ask(look),
          ResultSelector: { "outcome.$": "$.Payload.outcome", "because.$": "$.Payload.because", "copying.$": "$.Payload.copying", "startedTime.$": "$.Payload.startedTime" },
          ResultPath: "$.export",
          ...clearing,
          Next: "Choose",
        },
        // Nothing is the default: an answer that nobody knows ends the run, and the alarm says so.
        Choose: {
          Type: "Choice",
          Choices: [
            { Variable: "$.export.outcome", StringEquals: outcomes.waiting, Next: "Wait" },
            { Variable: "$.export.outcome", StringEquals: outcomes.exported, Next: "Store" },
            { Variable: "$.export.outcome", StringEquals: outcomes.stored, Next: "Verify" },
          ],
        },
        Wait: { Type: "Wait", Seconds: args.lookEverySeconds, Next: "Look" },
        Store: {
          ...callFunction({ scope, function: backup, payload: run, timeoutSeconds: entry.timeoutSeconds, retryAfterSeconds: entry.retryAfterSeconds }),
          ResultPath: null,
          ...clearing,
          Next: "Verify",
        },
        Verify: { ...ask(verify), ResultSelector: { "backup.$": "$.Payload" }, ResultPath: "$.verified", ...clearing, Next: "Remove" },
        Remove: { ...ask(remove), ResultPath: null, Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.failed", Next: "Left" }], Next: "Report" },
        Report: { Type: "Pass", OutputPath: "$.verified.backup", End: true },
        // A failure, although the backup is there: what is left behind is paid for, and nobody else would say so.
        Left: { Type: "Fail", Error: "Upkeep.StoredButNotCleared", CausePath: "$.failed.Cause" },
        Clear: { ...ask(remove), ResultPath: null, Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: null, Next: "Failed" }], Next: "Failed" },
        // With the words of what failed first, whatever came of clearing.
        Failed: { Type: "Fail", ErrorPath: "$.failed.Error", CausePath: "$.failed.Cause" },
      },
    },
  }, parent);
}
