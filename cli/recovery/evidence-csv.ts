import type { EvidenceRecord } from "../../practice/contract/evidence.ts";

type Cell = string | number | undefined;

const columns: Readonly<Record<string, (record: EvidenceRecord) => Cell>> = {
  system: ({ system }) => system,
  stack: ({ stack }) => stack,
  source: ({ source }) => source,
  level: ({ level }) => level,
  check: ({ checkId }) => checkId,
  started: ({ startedAt }) => startedAt,
  finished: ({ finishedAt }) => finishedAt,
  outcome: ({ outcome }) => outcome,
  backup: ({ backup }) => backup?.runId,
  sha256: ({ backup }) => backup?.sha256,
  target: ({ restore }) => restore?.target,
  rtoMilliseconds: ({ restore }) => restore?.durationMilliseconds,
  rpoSeconds: ({ restore }) => restore?.ageSeconds,
  sameCounts: ({ restore }) => restore?.sameCounts,
  sameHashes: ({ restore }) => restore?.sameHashes,
  answer: ({ restore }) => restore?.smokeAnswer,
  findings: ({ findings }) => findings.join(" "),
};

/** Evidence as RFC 4180 has it, a line for each check. */
export const evidenceCsv = (records: readonly EvidenceRecord[]): string =>
  [Object.keys(columns), ...records.map((record) => Object.values(columns).map((cell) => cell(record)))]
    .map((cells) => `${cells.map(quoted).join(",")}\r\n`).join("");

/**
 * A cell that begins as a formula does gets an apostrophe first: a spreadsheet would run it, and an answer of the
 * database stands here.
 */
function quoted(value: Cell): string {
  const text = value === undefined ? "" : String(value);
  const harmless = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll("\"", "\"\"")}"` : harmless;
}
