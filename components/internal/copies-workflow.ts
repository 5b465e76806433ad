import type { StateMachine } from "@pulumi/aws/sfn/stateMachine.js";
import { interpolate, type Resource } from "@pulumi/pulumi";
import { COPIES_AT_ONCE, type CopyRequest, type FinishRequest, type Listed, type ListRequest, workPrefix } from "../../practice/contract/inventory.ts";
import type { BackupStore } from "../backup-store.ts";
import { arn } from "./arn.ts";
import { callFunction } from "./call-function.ts";
import { stateMachine } from "./state-machine.ts";
import type { BackupWorkflowArgs } from "./workflow.ts";

export interface CopiesWorkflowArgs extends BackupWorkflowArgs {
  readonly store: BackupStore;
  /** Whose copies these are. */
  readonly source: string;
}

/** A request, in which the keys that end in `.$` are taken from the state's input. */
type Asked<Request extends { readonly action: string }> = Readonly<Record<string, string>> & Pick<Request, "action">;

const list = { action: "list", "scheduledTime.$": "$.scheduledTime" } as const satisfies Asked<ListRequest>;
const copy = { action: "copy", "batch.$": "$$.Map.Item.Value.key" } as const satisfies Asked<CopyRequest>;
const finish = { action: "finish", "scheduledTime.$": "$.scheduledTime", "work.$": "$.work.listed.work" } as const satisfies Asked<FinishRequest>;

/** Of the map: part of the name of each execution that copies a batch. */
const LABEL = "Copies";

const listed: Listed["outcome"] = "listed";
const alreadyStored: Listed["outcome"] = "already-stored";

/**
 * One run of a backup by copies: list, copy batch by batch, finish. What is to be copied lies in the store, never in the
 * machine, which holds 256 KiB. One batch that fails twice fails the run.
 */
export function copiesWorkflow(name: string, args: CopiesWorkflowArgs, parent: Resource): StateMachine {
  const { scope, stateMachineName, backup, entry, store, source } = args;
  const call = (payload: string | Readonly<Record<string, string>>) =>
    callFunction({ scope, function: backup, payload, timeoutSeconds: entry.timeoutSeconds, retryAfterSeconds: entry.retryAfterSeconds });

  return stateMachine(name, {
    scope, area: "backup", stateMachineName, logDays: entry.logDays,
    statements: [
      { actions: ["lambda:InvokeFunction"], resources: [backup.arn] },
      { actions: ["s3:GetObject"], resources: [interpolate`${store.primary.bucketArn}/${workPrefix(scope.system.name, source)}*`] },
      { actions: ["kms:Decrypt"], resources: [store.primary.keyArn] },
      // The machine starts itself once for each batch, and stops what still runs when one has failed.
      { actions: ["states:StartExecution"], resources: [arn(scope, "states", `stateMachine:${stateMachineName}`)] },
      // As AWS's guide names them, and as those of a map are named.
      { actions: ["states:DescribeExecution", "states:StopExecution"], resources: ["", `/${LABEL}`].map((map) => arn(scope, "states", `execution:${stateMachineName}${map}:*`)) },
    ],
    definition: {
      Comment: "List, copy what is new, manifest. A second delivery of the same run changes nothing.",
      StartAt: "List",
      States: {
        List: { ...call(list), ResultSelector: { "listed.$": "$.Payload" }, ResultPath: "$.work", Next: "Choose" },
        // Nothing is the default: an answer that nobody knows ends the run, and the alarm says so.
        Choose: {
          Type: "Choice",
          Choices: [
            { Variable: "$.work.listed.outcome", StringEquals: alreadyStored, Next: "Stored" },
            { Variable: "$.work.listed.batches", NumericEquals: 0, Next: "Finish" },
            { Variable: "$.work.listed.outcome", StringEquals: listed, Next: "Copy" },
          ],
        },
        Stored: { Type: "Pass", OutputPath: "$.work.listed", End: true },
        Copy: {
          Type: "Map",
          Label: LABEL,
          ItemReader: {
            Resource: `arn:${scope.partition}:states:::s3:getObject`,
            ReaderConfig: { InputType: "JSON" },
            Parameters: { Bucket: store.primary.bucketName, "Key.$": "$.work.listed.index" },
          },
          ItemSelector: copy,
          MaxConcurrency: COPIES_AT_ONCE,
          ToleratedFailurePercentage: 0,
          ItemProcessor: {
            // An express execution ends after five minutes; a batch may take fifteen.
            ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
            StartAt: "Batch",
            States: { Batch: { ...call("$"), OutputPath: "$.Payload", End: true } },
          },
          ResultPath: null,
          Next: "Finish",
        },
        Finish: { ...call(finish), OutputPath: "$.Payload", End: true },
      },
    },
  }, parent);
}
