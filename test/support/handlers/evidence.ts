import { type EvidenceRecord, evidenceKey, type VerificationLevel } from "../../../practice/contract/evidence.ts";
import { runIdOf } from "../../../practice/contract/store.ts";

/** A record as a check of accounts would have written it. Default: checksums, verified. */
export function recordAt(scheduledAt: string, changed: Partial<EvidenceRecord> & { readonly level?: VerificationLevel } = {}): EvidenceRecord {
  const at = new Date(scheduledAt);
  return {
    version: 1, system: "campus", stack: "prod", source: "accounts", level: "checksums", checkId: runIdOf(at),
    startedAt: at.toISOString(), finishedAt: at.toISOString(), outcome: "verified", findings: [], ...changed,
  };
}

/** Puts a record where its check would have put it; gives its key. */
export async function putRecord(
  store: { readonly put: (key: string, body: string) => Promise<void> }, scheduledAt: string, changed: Partial<EvidenceRecord> = {},
): Promise<string> {
  const record = recordAt(scheduledAt, changed);
  const key = evidenceKey(record, new Date(scheduledAt));
  await store.put(key, JSON.stringify(record));
  return key;
}
