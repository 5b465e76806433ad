import { targetOf } from "../../handlers/engines/open.ts";
import { type OpenTarget, type Purpose, restoreSourceOf } from "../../handlers/engines/restore.ts";
import type { StoredSource } from "../../handlers/store/backups.ts";
import { runVerification, type VerificationReport } from "../../handlers/verify/run.ts";
import type { BackupManifest } from "../../practice/contract/manifest.ts";
import type { Surroundings } from "../options.ts";
import { accessTo } from "./access.ts";
import type { DatabaseAddress } from "./address.ts";
import { reported } from "./check-page.ts";
import { countedStore } from "./counted-store.ts";
import { programsFolder } from "./programs.ts";
import { sizeInWords, spanInWords, watched } from "./words.ts";

export interface RestoreInto {
  readonly place: StoredSource;
  readonly backup: BackupManifest;
  readonly into: DatabaseAddress;
  readonly purpose: Purpose;
  readonly passwordFile?: string;
  /** A question to the restored database. */
  readonly smoke?: string;
}

/** The way into the database of an address, as a target. */
export async function targetAt(into: DatabaseAddress, passwordFile: string | undefined, environment: Surroundings["environment"]): Promise<OpenTarget> {
  const credentials = await accessTo(into, passwordFile, environment);
  return targetOf({ engine: into.engine, database: into.database, credentials: () => Promise.resolve(credentials), tools: programsFolder(into.engine, "restore", environment) });
}

/**
 * Throws unless the target may be written for this purpose; gives its name. Asked before anything else is done: a
 * mistake in an address is no evidence about a backup.
 */
export async function expectTarget(openTarget: OpenTarget, purpose: Purpose, backup: BackupManifest, signal: AbortSignal): Promise<string> {
  const target = await openTarget(signal);
  try {
    await target.prove(purpose, restoreSourceOf(backup));
    return target.name;
  } finally {
    await target.close();
  }
}

/** Restores by the same code as a drill in the cloud, and leaves the same evidence in the store. */
export async function restoreInto({ place, backup, into, purpose, passwordFile, smoke }: RestoreInto, { environment, now, live }: Surroundings): Promise<VerificationReport> {
  const openTarget = await targetAt(into, passwordFile, environment);
  const signal = live.interruption();
  await expectTarget(openTarget, purpose, backup, signal);
  const { store, bytes } = countedStore(place.store);
  const whole = backup.object.bytes;
  const howFar = (seconds: number): string => (bytes() < whole
    ? `restoring ${place.source}: ${sizeInWords(bytes())} of ${sizeInWords(whole)} in ${spanInWords(Math.round(seconds))}`
    : `restored ${place.source}, now counting and comparing: ${spanInWords(Math.round(seconds))}`);
  return watched(live, howFar, () => reported(() => runVerification({
    system: place.system, stack: place.stack, source: place.source, level: "restore", scheduledAt: now, chosen: backup, purpose, ...(smoke === undefined ? {} : { smoke }),
  }, { store, openTarget, now: () => new Date(), signal })));
}
