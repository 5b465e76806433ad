import * as z from "zod/mini";
import { checkOf, checkOutcomes, evidencePrefix, type EvidenceRecord, type NamedCheck, verificationLevels } from "../../practice/contract/evidence.ts";
import type { Store } from "./store.ts";

const text = z.string().check(z.minLength(1));
const count = z.int().check(z.nonnegative());
const instant = z.iso.datetime();

/** The shape of `EvidenceRecord`. Keys that a later version adds are let through. */
const recordShape: z.ZodMiniType<EvidenceRecord> = z.looseObject({
  version: z.literal(1),
  system: text,
  stack: text,
  source: text,
  level: z.enum(verificationLevels),
  checkId: text,
  startedAt: instant,
  finishedAt: instant,
  outcome: z.enum(checkOutcomes),
  findings: z.array(z.string()),
  extent: z.exactOptional(text),
  backup: z.exactOptional(z.looseObject({ runId: text, attempt: text, scheduledAt: instant, key: text, versionId: z.string(), sha256: text })),
  restore: z.exactOptional(z.looseObject({
    target: text,
    durationMilliseconds: z.number().check(z.nonnegative()),
    ageSeconds: z.number(),
    sameCounts: count,
    sameHashes: count,
    smokeAnswer: z.exactOptional(z.string()),
  })),
});

/** What lies where evidence should, and is none. */
export class NotEvidence extends Error {
  override readonly name = "NotEvidence";
}

/** Checks of one source by their keys alone, and the keys that name none. */
export interface StoredChecks {
  /** The newest first. */
  readonly checks: readonly NamedCheck[];
  readonly foreign: readonly string[];
}

export async function listChecks(store: Store, system: string, source: string): Promise<StoredChecks> {
  const foreign: string[] = [];
  const checks: NamedCheck[] = [];
  for await (const { key } of store.list(evidencePrefix(system, source))) {
    const check = checkOf(system, source, key);
    if (check === undefined) foreign.push(key);
    else checks.push(check);
  }
  return { checks: checks.toSorted((one, other) => (one.key < other.key ? 1 : -1)), foreign };
}

/** Throws `NotEvidence` when the text under a key is no record of just that check. */
export async function readRecord(store: Store, system: string, source: string, check: NamedCheck): Promise<EvidenceRecord> {
  const json = await store.readText(check.key);
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new NotEvidence(`Expected ${check.key} to be JSON, it is not (${json.length} characters).`, { cause: error });
  }
  const result = recordShape.safeParse(value);
  if (!result.success) {
    const wrong = result.error.issues.map(({ path, code }) => `${path.length === 0 ? "the whole" : path.join(".")} (${code})`);
    throw new NotEvidence(`Expected ${check.key} to be a record of evidence of version 1, these parts of it are wrong: ${wrong.join(", ")}.`);
  }
  const record = result.data;
  const said = [record.system, record.source, record.checkId, record.level].join(" ");
  const expected = [system, source, check.checkId, check.level].join(" ");
  if (said !== expected) throw new NotEvidence(`Expected ${check.key} to be the record of ${expected}, it is one of ${said}.`);
  return record;
}

/** Everything that was found out about the backups of one source. */
export interface StoredEvidence {
  /** The newest first. */
  readonly records: readonly EvidenceRecord[];
  /** What lies there and is no evidence, with the reason: reported, never thrown, so that the rest can be read. */
  readonly foreign: readonly { readonly key: string; readonly problem: string }[];
}

/** Reads all evidence of one source. A store that does not answer is thrown. */
export async function listEvidence(store: Store, system: string, source: string): Promise<StoredEvidence> {
  const { checks, foreign } = await listChecks(store, system, source);
  const records: EvidenceRecord[] = [];
  const wrong = foreign.map((key) => ({ key, problem: `Expected only records of evidence under ${evidencePrefix(system, source)}, ${key} is none by its name.` }));
  for (const check of checks) {
    try {
      records.push(await readRecord(store, system, source, check));
    } catch (error) {
      if (!(error instanceof NotEvidence)) throw error;
      wrong.push({ key: check.key, problem: error.message });
    }
  }
  return { records, foreign: wrong };
}
