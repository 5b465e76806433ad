import { sizeOf } from "../../handlers/store/size.ts";
import type { BackupManifest } from "../../practice/contract/manifest.ts";
import { columns, counted, heading, paragraph } from "../../preview/render/terminal/lines.ts";
import type { Page } from "../../preview/render/terminal/page.ts";
import type { TakenBackup } from "./dump-by-hand.ts";
import { sizeInWords, spanInWords } from "./words.ts";

/** What a backup is, for a person: what lies where, what it shows, how to have it back. */
export function backupPage({ manifest, size, unlike }: TakenBackup, store: { readonly name: string; readonly option: string }, page: Page): readonly string[] {
  const { object, source, system } = manifest;
  const doubtful = size !== undefined && size.verdict !== "plausible";
  const rows: readonly (readonly string[])[] = [
    ["run", manifest.runId],
    ["store", store.name],
    ["dump", object.key],
    ["size", `${sizeInWords(sizeOf(manifest))}, in ${spanInWords(manifest.durationMilliseconds / 1000)}`],
    ["SHA-256", object.sha256],
    ["contents", contentsInWords(manifest)],
    ["shows", manifest.consistency],
    ["made by", `${manifest.tool}; server ${manifest.serverVersion}`],
  ];
  return [
    ...heading("Backup", `${source} of ${system}: ${doubtful ? page.paint("doubtful", `stored, but ${size.verdict.replace("-", " ")}`) : page.paint("good", "stored")}`, page),
    ...columns(rows, page),
    ...(doubtful ? paragraph(`Its size is ${Math.round(size.ofMedianPercent)} % of the median of those before it (${sizeInWords(size.medianBytes)}). Look whether the source has really changed so much.`, page) : []),
    ...unlikePage(unlike, page),
    "",
    "Without upkeep it is restored by:",
    // Whole, however long: it is there to be copied.
    `  ${manifest.restoreCommand}`,
    "",
    `Next: upkeep verify --store ${store.option} --source ${source}`,
  ];
}

/** That the backup before was of another server or folder; nothing where it was not. */
export const unlikePage = (unlike: TakenBackup["unlike"], page: Page): readonly string[] => (unlike === undefined ? []
  : paragraph(`The backup before it (${unlike.runId}) is of something else: ${unlike.engine} ${unlike.database}${unlike.server === undefined ? "" : ` on ${unlike.server.address}`}. Unless it has moved, keep the two apart with --source: each is taken for the other's newest.`, page));

/** Counts and hashes as far as a manifest has them. */
export function contentsInWords({ counts, hashes, engine }: BackupManifest): string {
  if (counts === undefined) return "not counted";
  const parts = Object.keys(counts).length;
  const rows = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const whole = { postgresql: ["table", "row"], mongodb: ["collection", "document"], redis: ["database", "key"], files: ["kind", "entry"], configuration: ["kind", "definition"], repository: ["kind", "ref"], "postgresql-export": ["table", "row"], "mongodb-export": ["collection", "document"] } as const;
  const [part, one] = whole[engine];
  return `${counted(parts, part)}, ${counted(rows, one, one === "entry" ? "entries" : `${one}s`)}${hashes === undefined ? ", not hashed" : `, ${counted(Object.keys(hashes).length, "content hash", "content hashes")}`}`;
}
