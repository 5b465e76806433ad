import type { VerificationReport } from "../../handlers/verify/run.ts";
import { CheckNotGood } from "../../handlers/verify/run.ts";
import { isGoodOutcome } from "../../practice/contract/evidence.ts";
import { columns, heading, paragraph } from "../../preview/render/terminal/lines.ts";
import type { Page } from "../../preview/render/terminal/page.ts";
import { spanInWords } from "./words.ts";

/** What a check says, whether it ended well or not. */
export async function reported(check: () => Promise<VerificationReport>): Promise<VerificationReport> {
  try {
    return await check();
  } catch (error) {
    if (error instanceof CheckNotGood) return error.report;
    throw error;
  }
}

/** What was checked, how it stands, and where that is written down. */
export function checkPage(name: string, { record, key }: VerificationReport, page: Page): readonly string[] {
  const { source, system, level, outcome, findings, backup, restore } = record;
  const rows: readonly (readonly string[])[] = [
    ...(backup === undefined ? [] : [[level === "checksums" && !isGoodOutcome(outcome) ? "newest sound" : "backup", `${backup.runId}, SHA-256 ${backup.sha256}`]]),
    ...(restore === undefined ? [] : [
      [outcome === "restored" ? "restored to" : "target", restore.target],
      ["verified", `${restore.sameCounts} same counts, ${restore.sameHashes} same content hashes`],
      ["took", `${spanInWords(restore.durationMilliseconds / 1000)} (RTO), of a backup ${spanInWords(restore.ageSeconds)} old (RPO)`],
      ...(restore.smokeAnswer === undefined ? [] : [["answered", restore.smokeAnswer.trim()]]),
    ]),
    ["evidence", key],
  ];
  return [
    ...heading(name, `${source} of ${system}: ${page.paint(isGoodOutcome(outcome) ? "good" : "bad", outcome)}`, page),
    ...columns(rows, page),
    ...findings.flatMap((finding) => paragraph(finding, page)),
  ];
}
