import type { StoredSource } from "../../handlers/store/backups.ts";
import { sentence } from "../../practice/config/problems.ts";
import { isGoodOutcome } from "../../practice/contract/evidence.ts";
import type { BackupManifest } from "../../practice/contract/manifest.ts";
import { columns, heading, paragraph } from "../../preview/render/terminal/lines.ts";
import type { RestoreOptions, Surroundings } from "../options.ts";
import { lines } from "../text.ts";
import { type DatabaseAddress, parseAddress } from "./address.ts";
import type { Told } from "./answer.ts";
import { contentsInWords, unlikePage } from "./backup-page.ts";
import { checkPage } from "./check-page.ts";
import { dumpByHand } from "./dump-by-hand.ts";
import { Misused } from "./misused.ts";
import { expectTarget, restoreInto, targetAt } from "./restore-into.ts";
import { sizeInWords, spanInWords } from "./words.ts";

export interface Recovery {
  readonly place: StoredSource;
  readonly backup: BackupManifest;
  readonly into: DatabaseAddress;
  readonly options: RestoreOptions;
}

/**
 * Restores into a new, empty database beside production: the target proves itself, the plan is shown and confirmed with
 * the system's name, production is backed up as it is now, and only then something is written. Switching is for people.
 */
export async function recover({ place, backup, into, options }: Recovery, surroundings: Surroundings): Promise<Told> {
  const { environment, live, page } = surroundings;
  const { passwordFile, ask, url, urlPasswordFile } = options;
  const production = url === undefined ? undefined : productionAt(url, backup);
  const target = await expectTarget(await targetAt(into, passwordFile, environment), "recovery", backup, live.interruption());
  await confirm(place.system, planPage({ place, backup, target, production }, surroundings), options, surroundings);

  const fresh = production === undefined ? undefined
    : await dumpByHand({ address: production, place, ...(urlPasswordFile === undefined ? {} : { passwordFile: urlPasswordFile }) }, surroundings);
  const report = await restoreInto({
    place, backup, into, purpose: "recovery", ...(passwordFile === undefined ? {} : { passwordFile }), ...(ask === undefined ? {} : { smoke: ask }),
  }, surroundings);
  const well = isGoodOutcome(report.record.outcome);
  return {
    document: { key: report.key, ...report.record, ...(fresh === undefined ? {} : { freshBackup: fresh.manifest }) },
    page: [
      ...checkPage("Recovery", report, page),
      ...(fresh === undefined ? [] : paragraph(`Before it production was backed up as it was: ${fresh.manifest.runId}, ${sizeInWords(fresh.manifest.object.bytes)}.`, page)),
      ...unlikePage(fresh?.unlike, page),
      "",
      ...paragraph(well ? "Next: look at it, then switch to it: docs/recover.md." : "Do not switch to it. Drop it, and choose an earlier backup: `upkeep backups`.", page, 0),
    ],
    well,
  };
}

function productionAt(url: string, { database, engine }: BackupManifest): DatabaseAddress {
  const address = parseAddress("--url", url);
  if (address.engine === engine && (address.database === database || engine === "redis")) return address;
  throw new Misused(sentence(`--url to be the database that was backed up, ${database} (${engine})`, `${address.database} (${address.engine})`, "name the production database, or another --source"));
}

interface RecoveryPlan {
  readonly place: StoredSource;
  readonly backup: BackupManifest;
  /** As the target calls itself. */
  readonly target: string;
  readonly production: DatabaseAddress | undefined;
}

function planPage({ place, backup, target, production }: RecoveryPlan, { page, now }: Surroundings): readonly string[] {
  const age = spanInWords(Math.max(0, (now.getTime() - Date.parse(backup.scheduledAt)) / 1000));
  const rows: readonly (readonly string[])[] = [
    ["1", production === undefined ? "no fresh backup: production is gone, as you say" : `back up ${production.database} on ${production.hosts} as it is now, into ${place.store.name}`],
    ["2", `restore ${backup.runId} (${age} old, ${sizeInWords(backup.object.bytes)}; ${contentsInWords(backup)}) into ${target}, which is empty`],
    ["3", "hold what arrived against the manifest, and write down the result"],
    ["-", "production is not touched, nothing is overwritten; the switch is yours afterwards"],
  ];
  return [...heading("Recovery", `${place.source} of ${place.system}: the plan`, page), ...columns(rows, page)];
}

/** A yes is typed by habit; a name is not. */
async function confirm(system: string, plan: readonly string[], { systemName }: RestoreOptions, { live }: Surroundings): Promise<void> {
  const typed = systemName ?? await live.ask?.(`${lines(plan)}\nType the system's name to go on: `);
  if (typed === undefined) {
    throw new Misused(`${lines(plan)}\n${sentence("the system's name, typed by a person or after --system-name", "none, and nobody can type here", `read the plan, then write \`--system-name ${system}\``)}`);
  }
  if (typed.trim() !== system) throw new Misused(sentence(`the system's name, ${system}`, `\`${typed.trim()}\``, "nothing was changed"));
}
