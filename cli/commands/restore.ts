import type { StoredSource } from "../../handlers/store/backups.ts";
import type { VerificationReport } from "../../handlers/verify/run.ts";
import { sentence } from "../../practice/config/problems.ts";
import { isGoodOutcome } from "../../practice/contract/evidence.ts";
import type { BackupManifest } from "../../practice/contract/manifest.ts";
import { paragraph } from "../../preview/render/terminal/lines.ts";
import type { Answer, RestoreOptions, Surroundings } from "../options.ts";
import { type DatabaseAddress, parseAddress } from "../recovery/address.ts";
import { answering, type Told } from "../recovery/answer.ts";
import { checkPage } from "../recovery/check-page.ts";
import { chosenBackup } from "../recovery/chosen-backup.ts";
import { Misused } from "../recovery/misused.ts";
import { onePlaceIn } from "../recovery/place.ts";
import { recover } from "../recovery/recover.ts";
import { restoreInto } from "../recovery/restore-into.ts";
import { isFilesPlace, restoreFiles } from "../recovery/restore-files.ts";
import { openStore } from "../recovery/store.ts";

/** `upkeep restore`: into a scratch database, files into an empty folder or bucket, or with --recover into a new one beside production. Never over anything. */
export const restore = (options: RestoreOptions, surroundings: Surroundings): Promise<Answer> =>
  answering(options, surroundings, async () => {
    const { environment, now } = surroundings;
    const into = isFilesPlace(options.into) ? undefined : parseAddress("--into", options.into);
    expectRecoverOptions(options);
    const place = await onePlaceIn(await openStore(options.store, environment, true), options);
    const { backup, passedOver } = await chosenBackup(place, options.at, now);
    if (into !== undefined) expectSameEngine("--into", into, backup);
    const told = into === undefined ? toldOf(await restoreFiles(place, backup, options, surroundings), surroundings) : options.recover ? await recover({ place, backup, into, options }, surroundings) : await drill(place, backup, into, options, surroundings);
    return {
      ...told,
      document: { ...told.document, passedOver },
      page: [...told.page, ...passedOver.flatMap((problem) => paragraph(`Passed over: ${problem}`, surroundings.page))],
    };
  });

async function drill(place: StoredSource, backup: BackupManifest, into: DatabaseAddress, { passwordFile, ask }: RestoreOptions, surroundings: Surroundings): Promise<Told> {
  const report = await restoreInto({
    place, backup, into, purpose: "scratch", ...(passwordFile === undefined ? {} : { passwordFile }), ...(ask === undefined ? {} : { smoke: ask }),
  }, surroundings);
  return toldOf(report, surroundings);
}

function toldOf(report: VerificationReport, surroundings: Surroundings): Told {
  return {
    document: { key: report.key, ...report.record },
    page: checkPage("Restore", report, surroundings.page),
    well: isGoodOutcome(report.record.outcome),
  };
}

function expectSameEngine(option: string, { engine }: DatabaseAddress, backup: BackupManifest): void {
  if (engine !== backup.engine) throw new Misused(sentence(`${option} to be a database of ${backup.engine}, as the backup is`, `one of ${engine}`, "name another database, or another --source"));
}

/** An option of a recovery without --recover is a misunderstanding of what is about to happen. */
function expectRecoverOptions({ recover: recovering, url, urlPasswordFile, productionIsGone, systemName }: RestoreOptions): void {
  const given = [
    ...(url === undefined ? [] : ["--url"]), ...(urlPasswordFile === undefined ? [] : ["--url-password-file"]),
    ...(productionIsGone ? ["--production-is-gone"] : []), ...(systemName === undefined ? [] : ["--system-name"]),
  ];
  if (!recovering && given.length > 0) throw new Misused(sentence("--recover where production is spoken of", `${given.join(", ")} without it`, "a restore into a scratch database needs --into alone"));
  if (recovering && productionIsGone === (url !== undefined)) {
    throw new Misused(sentence("the production database after `--url`, for a fresh backup before the recovery", productionIsGone ? "it and --production-is-gone" : "none", "name it; only where nothing is left of it write --production-is-gone instead"));
  }
}
