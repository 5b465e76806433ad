import { workPrefix } from "../../../practice/contract/inventory.ts";
import { backupConfigurationGrants, backupCopiesGrants, backupDatabaseGrants, backupElasticacheGrants, backupFilesGrants, evidenceGrants, type Grant, retentionGrants, verificationGrants } from "../../../practice/contract/permissions.ts";
import type { Call } from "./call.ts";
import type { Worked } from "./stage.ts";

/** What grants allow, as `part action`. */
export const granted = (grants: readonly Grant[]): readonly string[] =>
  [...new Set(grants.flatMap(({ on, actions }) => actions.map((action) => `${on} ${action}`)))].toSorted();

/** What the contract grants each handler, as `part action`. */
export const grantedTo = {
  database: granted(backupDatabaseGrants),
  files: granted(backupFilesGrants),
  copies: granted(backupCopiesGrants),
  // A source is one of the two: its role has nothing of the other.
  exportOfGroup: granted(backupElasticacheGrants.filter(({ on }) => on !== "cache-cluster")),
  exportOfNode: granted(backupElasticacheGrants.filter(({ on }) => on !== "replication-group")),
  configuration: granted(backupConfigurationGrants),
  verification: granted(verificationGrants),
  evidence: granted(evidenceGrants),
  retention: granted(retentionGrants),
} as const;

/** What a handler called, told in the same way. */
export const madeBy = ({ calls, placeOf }: Worked): readonly string[] => {
  const partOf = (place: string, part: string): string => (place === "" ? part : place === "exports" ? `export-${part}` : `${place}-${part}`);
  const isEvidence = ({ action, key = "" }: Call): boolean => action === "s3:PutObject" && key.startsWith("campus/evidence/accounts/");
  const isWork = ({ part, key = "" }: Call): boolean => part === "objects" && key.startsWith(workPrefix("campus", "media"));
  const targetOf = (call: Call): string => (isEvidence(call) ? "evidence-objects" : isWork(call) ? "work-objects" : partOf(placeOf(call), call.part));
  return [...new Set(calls.map((call) => `${targetOf(call)} ${call.action}`))].toSorted();
};
