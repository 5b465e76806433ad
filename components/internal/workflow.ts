import type { Function as LambdaFunction } from "@pulumi/aws/lambda/function.js";
import type { StateMachine } from "@pulumi/aws/sfn/stateMachine.js";
import type { Resource } from "@pulumi/pulumi";
import type { StartedBackupEntry } from "../../practice/plan/entries.ts";
import { callFunction } from "./call-function.ts";
import type { Scope } from "./scope.ts";
import { stateMachine } from "./state-machine.ts";

export interface BackupWorkflowArgs {
  readonly scope: Scope;
  /** Name of the state machine in AWS. At most 80 characters. */
  readonly stateMachineName: string;
  readonly backup: LambdaFunction;
  readonly entry: Pick<StartedBackupEntry, "timeoutSeconds" | "retryAfterSeconds" | "logDays">;
}

/** One run of a backup as a Step Functions execution: its history is the first thing to read when it failed. */
export function backupWorkflow(name: string, args: BackupWorkflowArgs, parent: Resource): StateMachine {
  const { scope, stateMachineName, backup, entry } = args;
  return stateMachine(name, {
    scope, area: "backup", stateMachineName, logDays: entry.logDays,
    statements: [{ actions: ["lambda:InvokeFunction"], resources: [backup.arn] }],
    definition: {
      Comment: "Dump, store, manifest. A second delivery of the same run changes nothing.",
      StartAt: "Backup",
      States: {
        Backup: {
          ...callFunction({ scope, function: backup, payload: "$", timeoutSeconds: entry.timeoutSeconds, retryAfterSeconds: entry.retryAfterSeconds }),
          OutputPath: "$.Payload",
          End: true,
        },
      },
    },
  }, parent);
}
