import { listEvidence } from "../../handlers/store/evidence.ts";
import { type EvidenceRecord, isGoodOutcome } from "../../practice/contract/evidence.ts";
import { columns, counted, heading, paragraph, type Row } from "../../preview/render/terminal/lines.ts";
import type { Page } from "../../preview/render/terminal/page.ts";
import type { Answer, EvidenceOptions, Surroundings } from "../options.ts";
import { answering } from "../recovery/answer.ts";
import { evidenceCsv } from "../recovery/evidence-csv.ts";
import { Misused } from "../recovery/misused.ts";
import { placesIn } from "../recovery/place.ts";
import { openStore } from "../recovery/store.ts";
import { spanInWords } from "../recovery/words.ts";

interface Found {
  readonly system: string;
  readonly source: string;
  readonly records: readonly EvidenceRecord[];
  readonly foreign: readonly { readonly key: string; readonly problem: string }[];
}

/** `upkeep evidence`: what was ever found out, from the store that the checks wrote it into. */
export async function evidence(options: EvidenceOptions, surroundings: Surroundings): Promise<Answer> {
  let csv: string | undefined;
  const answer = await answering(options, surroundings, async () => {
    if (options.csv && options.json) throw new Misused("Expected --csv or --json, got both. Write one of them.");
    const store = await openStore(options.store, surroundings.environment, true);
    const found: Found[] = [];
    for (const { system, source } of await placesIn(store, options)) found.push({ system, source, ...await listEvidence(store, system, source) });
    if (options.csv) csv = evidenceCsv(found.flatMap(({ records }) => records));
    const foreign = found.flatMap((one) => one.foreign);
    return {
      document: { store: store.name, evidence: found.flatMap(({ records }) => records), foreign },
      page: found.flatMap((one, index) => [...(index === 0 ? [] : [""]), ...sourcePage(one, surroundings.page)]),
      well: foreign.length === 0,
    };
  });
  return csv === undefined ? answer : { ...answer, stdout: csv };
}

function sourcePage({ system, source, records, foreign }: Found, page: Page): readonly string[] {
  const rows: readonly Row[] = records.length === 0 ? [] : [["check", "level", "outcome", "backup", "RTO", "RPO"], ...records.flatMap((record): readonly Row[] => [
    [
      record.checkId, record.level, page.paint(isGoodOutcome(record.outcome) ? "good" : "bad", record.outcome), record.backup?.runId ?? "-",
      record.restore === undefined ? "-" : spanInWords(record.restore.durationMilliseconds / 1000),
      record.restore === undefined ? "-" : spanInWords(record.restore.ageSeconds),
    ],
    ...record.findings.map((finding) => ({ between: paragraph(finding, page, 6) })),
  ])];
  const good = records.filter(({ outcome }) => isGoodOutcome(outcome)).length;
  return [
    ...heading("Evidence", `${source} of ${system}: ${counted(records.length, "check")}, ${good} good`, page),
    ...columns(rows, page),
    ...(records.length === 0 ? paragraph("Nobody has checked these backups yet: `upkeep verify --help`.", page) : []),
    ...foreign.flatMap(({ problem }) => paragraph(problem, page)),
  ];
}
