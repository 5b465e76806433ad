import { engineOf, isBackup } from "../../../practice/plan/backup-kinds.ts";
import type { BackupEntry, Plan } from "../../../practice/plan/entries.ts";
import { columns, counted, heading, paragraph } from "./lines.ts";
import { only } from "./of-kind.ts";
import type { Page } from "./page.ts";

/** What each backup holds, how often, how long and where: a changed `keep` is a changed line here. */
export function backups({ entries }: Plan, page: Page): readonly string[] {
  const sources = entries.filter(isBackup);
  if (sources.length === 0) return heading("Backups", page.paint("bad", "none: the stack file asks for no backup."), page);
  const [store] = only(entries, "store");

  const head = ["source", "engine", "when", "kept", "size"].map((name) => page.paint("faint", name));
  return [
    ...heading("Backups", counted(sources.length, "source"), page),
    ...columns([head, ...sources.map(row)], page, { right: [3, 4], wraps: 2 }),
    ...(store === undefined ? [] : paragraph(page.paint("faint", keeping(store)), page)),
  ];
}

const row = (entry: BackupEntry): readonly string[] => [
  entry.source,
  engineOf(entry),
  entry.schedule.words,
  counted(entry.keepDays, "day"),
  entry.kind === "configuration-backup" ? "-" : `${entry.sizeGiB} GiB`,
];

const keeping = ({ secondRegion, lock }: { readonly secondRegion?: string; readonly lock?: { readonly mode: string; readonly days: number } }): string => {
  const copied = secondRegion === undefined ? "No copy in a second region" : `Copied to ${secondRegion}`;
  const locked = lock === undefined ? "not locked" : `locked for ${counted(lock.days, "day")} (${lock.mode})`;
  return `${copied}; ${locked}.`;
};
