import { expectSound, listRuns, readManifest, soundBackups, type StoredSource } from "../../handlers/store/backups.ts";
import { NotABackup } from "../../handlers/store/manifest.ts";
import { sentence } from "../../practice/config/problems.ts";
import type { BackupManifest } from "../../practice/contract/manifest.ts";
import { scheduledAtOf } from "../../practice/contract/store.ts";
import { Misused } from "./misused.ts";

export interface ChosenBackup {
  readonly backup: BackupManifest;
  /** What is newer, was meant too, and is no backup. */
  readonly passedOver: readonly string[];
}

/** The backup that `--at` means: the newest sound one, one run by its name, or the last sound one before a time. */
export async function chosenBackup(place: StoredSource, at: string, now: Date): Promise<ChosenBackup> {
  const { runs } = await listRuns(place);
  if (scheduledAtOf(at) !== undefined) {
    const manifestKey = runs.find(({ runId }) => runId === at)?.manifestKey;
    if (manifestKey === undefined) throw new Misused(sentence(`a backup ${at} of ${place.source}`, "no such run with a manifest", "`upkeep backups` lists those that there are"));
    const backup = await readManifest(place, manifestKey);
    await expectSound(place, backup, now);
    return { backup, passedOver: [] };
  }
  const until = at === "latest" ? undefined : timeOf(at);
  const meant = until === undefined ? runs : runs.filter(({ scheduledAt }) => scheduledAt <= until);
  const passedOver: string[] = [];
  const { value: backup } = await soundBackups(place, meant, now, ({ message }) => passedOver.push(message)).next();
  if (backup !== undefined) return { backup, passedOver };
  throw new NotABackup([`Expected a sound backup of ${place.source}${until === undefined ? "" : ` from ${until.toISOString()} or before`}, there is none.`, ...passedOver].join(" "), { fault: "missing" });
}

/** A time without a zone is of the clock beside the person. */
function timeOf(at: string): Date {
  const time = new Date(/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(at) ? at.replace(" ", "T") : Number.NaN);
  if (!Number.isNaN(time.getTime())) return time;
  throw new Misused(sentence("--at to be `latest`, a run or a time", `\`${at}\``, "write it as `20261123T020000Z`, or as `2026-11-23T02:00`, which is in this machine's time zone; with a Z behind it in UTC"));
}
