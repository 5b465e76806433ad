import { isBackup } from "../../practice/plan/backup-kinds.ts";
import { expectSound, readManifest } from "../../handlers/store/backups.ts";
import { compareSize, sizeOf } from "../../handlers/store/size.ts";
import { sentence } from "../../practice/config/problems.ts";
import { parseDuration } from "../../practice/config/words/duration.ts";
import { backupName } from "../../practice/contract/names.ts";
import { manifestKey, runPrefix } from "../../practice/contract/store.ts";
import type { HostBackupEntry, Plan } from "../../practice/plan/entries.ts";
import { plansOf } from "../../preview/plans.ts";
import { look } from "../look.ts";
import type { BackupOptions, Surroundings } from "../options.ts";
import { projectAt } from "../project.ts";
import type { Told } from "./answer.ts";
import { backupPage } from "./backup-page.ts";
import { type Deployed, deployedBackup } from "./deployed.ts";
import { earlierSizes } from "./dump-by-hand.ts";
import { Misused } from "./misused.ts";
import { spanInWords, watched } from "./words.ts";

/** Seconds between two looks at an execution: a backup takes minutes, and the account's limit on looks is shared. */
const LOOK_SECONDS = 3;

/**
 * Has the deployed stack back a source up now, by the state machine that its schedule starts, and waits for what it says.
 * Well only when the manifest of just this run is there and sound.
 */
export async function backupBeforeDeploy(
  options: BackupOptions, surroundings: Surroundings, open: (about: { readonly region: string; readonly name: string; readonly environment: Surroundings["environment"] }) => Promise<Deployed> = deployedBackup,
): Promise<Told> {
  const { environment, live, now, page } = surroundings;
  const limitMilliseconds = waitOf(options.wait);
  const { plan, source } = await sourceIn(options, surroundings);
  const deployed = await open({ region: plan.region, name: backupName(plan, source), environment });
  const signal = live.interruption();

  const execution = await deployed.start(now);
  const ended = await watched(live, (seconds) => `waiting for ${execution.name}: ${spanInWords(Math.round(seconds))}`, () =>
    waitFor(deployed, execution.arn, limitMilliseconds, signal));
  if (ended.status !== "SUCCEEDED") throw new Error(`Expected the backup ${execution.name} to succeed, it ${words[ended.status] ?? ended.status}. ${ended.why} Do not deploy.`);

  const place = { store: deployed.store, system: plan.system.name, stack: plan.stack, source };
  const key = manifestKey(runPrefix(place.system, source, now));
  if (await place.store.facts(key) === undefined) throw new Error(`Expected the manifest ${key} in ${place.store.name} after ${execution.name} had succeeded, there is none. Do not deploy.`);
  const manifest = await readManifest(place, key);
  await expectSound(place, manifest, new Date());
  const size = compareSize(sizeOf(manifest), await earlierSizes(place, manifest.runId));
  return {
    document: { store: deployed.store.name, execution: execution.arn, manifest, ...(size === undefined ? {} : { size }) },
    page: backupPage({ manifest, ...(size === undefined ? {} : { size }) }, { name: deployed.store.name, option: `s3://${deployed.store.name}` }, page),
    well: size === undefined || size.verdict === "plausible",
  };
}

/** What a person can do on that machine instead: a backup of the same source, in the same row of the store. */
function inPlaceOf({ system, stack }: Plan, { engine, database, port, secret, source }: HostBackupEntry): string {
  const scheme = { "postgresql": "postgres", "mongodb": "mongodb", "redis": "redis", "postgresql-export": "postgres", "mongodb-export": "mongodb" } as const;
  const [user, file] = secret === undefined ? ["", ""] : ["<user>@", " --password-file <file>"];
  const what = engine === "files"
    ? `--path '${database.replaceAll("'", String.raw`'\''`)}'`
    : `--url '${scheme[engine]}://${user}localhost${port === undefined ? "" : `:${port}`}/${encodeURIComponent(database)}'${file}`;
  return `run it on that machine, before the deployment: \`upkeep backup ${what} --store s3://<bucket of the store> --system ${system.name} --stack ${stack} --source ${source}\`, which ends with 0 only when that is stored and of a plausible size`;
}

const words: Readonly<Record<string, string>> = { FAILED: "failed", TIMED_OUT: "ran out of time", ABORTED: "was stopped by somebody" };

async function waitFor(deployed: Deployed, arn: string, limitMilliseconds: number, signal: AbortSignal) {
  const until = performance.now() + limitMilliseconds;
  for (;;) {
    const ended = await deployed.ended(arn);
    if (ended !== undefined) return ended;
    if (performance.now() >= until) throw new Error(`Expected the backup to end within ${spanInWords(limitMilliseconds / 1000)}, it is still under way: ${arn}. It goes on; wait for longer with --wait, and do not deploy before it ended.`);
    await pause(Math.min(LOOK_SECONDS * 1000, limitMilliseconds), signal);
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(new Error("Interrupted. The backup goes on in the account; nobody waits for its verdict, so do not deploy."));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}

function waitOf(text: string): number {
  const parsed = parseDuration(text, { units: ["minutes", "hours", "seconds"], least: "1 second", most: "24 hours", example: "2 hours" });
  if (parsed.value !== undefined) return parsed.value;
  throw new Misused(sentence("--wait to be a duration in words, from 1 second to 24 hours", `\`${text}\``, "write it as `--wait \"2 hours\"`"));
}

async function sourceIn(options: BackupOptions, surroundings: Surroundings): Promise<{ readonly plan: Plan; readonly source: string }> {
  const { problems, resources, stack } = await look({ ...options, strict: false }, projectAt(options.cwd), surroundings);
  const plans = plansOf(resources).filter(({ system }) => options.system === undefined || system.name === options.system);
  const sources = plans.flatMap((plan) => plan.entries.flatMap((entry) => (isBackup(entry) && entry.again === undefined ? [{ plan, entry, source: entry.source }] : [])));
  const meant = sources.filter(({ source }) => options.source === undefined || source === options.source);
  const [one, ...others] = meant;
  if (one !== undefined && others.length === 0) {
    if (one.entry.kind !== "host-backup") return one;
    throw new Misused(sentence(`a source that stack ${stack} backs up from outside its host`, `\`${one.source}\`, which ${one.entry.host} backs up by itself when it is due`, inPlaceOf(one.plan, one.entry)));
  }
  if (problems.length > 0 && sources.length === 0) throw new Misused(problems.map(({ message }) => message).join("\n"));
  const names = sources.map(({ source }) => source).join(", ");
  throw new Misused(sentence(`a source that stack ${stack} backs up`, options.source === undefined ? "none" : `\`${options.source}\``, sources.length === 0 ? "the stack backs up nothing" : `write one of them: --source ${names}`));
}
