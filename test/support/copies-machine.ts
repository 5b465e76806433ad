import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import type { Function as LambdaFunction } from "@pulumi/aws/lambda/function.js";
import { StateMachine } from "@pulumi/aws/sfn/stateMachine.js";
import { output } from "@pulumi/pulumi";
import type { BackupStore } from "../../components/backup-store.ts";
import { copiesWorkflow } from "../../components/internal/copies-workflow.ts";
import { scopeOf } from "../../components/internal/scope.ts";
import { daily, entryOf, planFor } from "./campus.ts";
import { previewed } from "./preview.ts";
import { filesSource } from "./settings.ts";

export const copiesPlan = planFor({ files: { uploads: filesSource({ sizeGiB: 400, backup: { schedule: daily(), keepDays: 30 } }) } });

export interface DeclaredMachine {
  /** In Amazon States Language. */
  readonly definition: string;
  readonly statements: readonly { readonly Action: readonly string[]; readonly Resource: readonly string[] }[];
}

/** The machine of a backup by copies, with a function and a store that are there already: its text and its rights can be read. */
export async function copiesMachine({ functionArn, bucket }: { readonly functionArn: string; readonly bucket: string }): Promise<DeclaredMachine> {
  const store = { primary: { bucketName: output(bucket), bucketArn: output(`arn:aws:s3:::${bucket}`), keyArn: output("arn:aws:kms:eu-central-1:123456789012:key/1"), region: "eu-central-1" } };
  const { byName } = await previewed(() => copiesWorkflow("campus-uploads", {
    scope: scopeOf(copiesPlan), stateMachineName: "campus-test-uploads-backup", entry: entryOf(copiesPlan, "files-backup"), source: "uploads",
    backup: { arn: output(functionArn) } as unknown as LambdaFunction, store: store as unknown as BackupStore,
  }, undefined as never));
  const { Statement } = byName("campus-uploads-workflow", RolePolicy).inputs.policy as { Statement: DeclaredMachine["statements"] };
  return { definition: byName("campus-uploads", StateMachine).inputs.definition as string, statements: Statement };
}
