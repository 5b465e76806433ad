import { Key } from "@pulumi/aws/kms/key.js";
import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { BucketReplicationConfig } from "@pulumi/aws/s3/bucketReplicationConfig.js";
import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";
import { referred, referring } from "./internal/edges.ts";
import { eachKnown, judgeApart } from "./internal/known.ts";
import { plansOf } from "./internal/plan.ts";
import { backupStores } from "./internal/stores.ts";

export const storeReplicated: StackValidationPolicy = {
  name: "store-replicated",
  description: "In production every backup has a second copy, in another region and under another key.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Set upkeep:store.secondRegion; the copy must include objects encrypted with KMS and leave delete markers out.",
  validateStack: ({ resources, notApplicable }, report) => {
    const stores = backupStores(resources);
    const copies = stores.flatMap((store) => referring(resources, BucketReplicationConfig, "bucket", store));

    const due = plansOf(resources).flatMap(({ entries, system }) =>
      entries.filter(({ kind, secondRegion }) => kind === "store" && (system.production || secondRegion !== undefined)));
    if (due.length === 0 && copies.length === 0) notApplicable("The stack does not declare a backup store that needs a second region.");
    for (const { from } of copies.length === 0 ? due : []) {
      report(`Expected a copy of the backups in a second region for ${from}, found none. Set ${from}.secondRegion.`);
    }
    eachKnown(copies, (copy) => {
      const tell = (message: string): void => report(message, copy.urn);
      judgeApart([() => judgeCopy(copy, stores, tell), () => judgeRegions(copy, stores, tell)]);
    });
  },
};

function judgeCopy(copy: PolicyResource, stores: readonly PolicyResource[], report: (message: string) => void): void {
  const targets = (copy.propertyDependencies["rules"] ?? []).filter(({ urn }) => stores.some((store) => store.urn === urn));
  if (targets.length === 0) {
    report(`Expected ${copy.name} to copy into another backup store, got a bucket that these rules do not watch. Tag it upkeep:practice: backup.`);
  }
  if (referred(copy, Key, "rules").length === 0) {
    report(`Expected ${copy.name} to name the key of the copy, got none. Set encryptionConfiguration.replicaKmsKeyId.`);
  }
  const rules = copy.asType(BucketReplicationConfig)?.rules ?? [];
  if (!rules.some(({ status }) => status === "Enabled")) {
    report(`Expected an enabled rule in ${copy.name}, found none. Set its status.`);
  }
  for (const rule of rules.filter(({ status }) => status === "Enabled")) {
    if (rule.sourceSelectionCriteria?.sseKmsEncryptedObjects?.status !== "Enabled") {
      report(`Expected ${copy.name} to copy objects encrypted with KMS, got a rule that skips them: all backups are. Enable sseKmsEncryptedObjects.`);
    }
    if (rule.deleteMarkerReplication?.status === "Enabled") {
      report(`Expected ${copy.name} to leave delete markers out, got a rule that copies them: a deletion would travel. Disable it.`);
    }
  }
}

/** A copy beside the original is lost with it. */
function judgeRegions(copy: PolicyResource, stores: readonly PolicyResource[], report: (message: string) => void): void {
  const among = (property: string) => (copy.propertyDependencies[property] ?? []).filter(({ urn }) => stores.some((store) => store.urn === urn));
  for (const from of among("bucket")) {
    for (const to of among("rules")) {
      const [original, second] = [regionOf(from), regionOf(to)];
      if (original === undefined || second === undefined) {
        report(`Expected ${from.name} and ${to.name} to say their regions, got ${original ?? "none"} and ${second ?? "none"}. Set region on both.`);
      } else if (original === second) {
        report(`Expected ${copy.name} to copy into another region than that of ${from.name}, got ${second} again. Give ${to.name} another region.`);
      }
    }
  }
}

/** A bucket without a region of its own lies in its provider's. */
const regionOf = (bucket: PolicyResource): string | undefined =>
  bucket.asType(Bucket)?.region ?? (bucket.provider?.props["region"] as string | undefined);
