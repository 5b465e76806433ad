import type { BackupOutcome } from "../../practice/contract/events.ts";
import type { ExportedTable } from "../../practice/contract/exported.ts";
import type { BackupEngine, BackupManifest } from "../../practice/contract/manifest.ts";
import type { Runner } from "../../practice/contract/runner.ts";
import { dumpKey, manifestKey, runIdOf, runPrefix } from "../../practice/contract/store.ts";
import type { Store } from "../store/store.ts";
import { commitManifest } from "./commit.ts";
import type { Content, Dump, OpenDump } from "../engines/dump.ts";
import { measured, type Measurement } from "./measured.ts";

export interface BackupJob {
  readonly system: string;
  readonly stack: string;
  readonly source: string;
  readonly engine: BackupEngine;
  /** Database name; for `files` the bucket to copy, or the absolute path of a folder. */
  readonly database: string;
  readonly sizeGiB: number;
  /** Of an export: what of the database. */
  readonly exports?: readonly ExportedTable[];
  /** Of a database: whether counts and hashes are taken of what is dumped. Default: full. */
  readonly content?: Content;
  /** The schedule's own time: two deliveries of one schedule are one run. */
  readonly scheduledAt: Date;
}

export interface BackupPorts {
  readonly store: Store;
  readonly openDump: OpenDump;
  readonly now: () => Date;
  /** Names this attempt at the run; never the same twice. */
  readonly attempt: string;
  readonly signal: AbortSignal;
  /** Where this runs. Absent: on somebody's machine. */
  readonly runner?: Runner;
}

/** Dumps, stores, compares, and says so in a manifest: without the last step nothing of it is a backup. */
export async function runBackup(job: BackupJob, ports: BackupPorts): Promise<BackupOutcome> {
  const { store, signal, attempt } = ports;
  const prefix = runPrefix(job.system, job.source, job.scheduledAt);
  const manifestAt = manifestKey(prefix);
  signal.throwIfAborted();
  if (await store.facts(manifestAt) !== undefined) return { outcome: "already-stored", manifestKey: manifestAt };

  const startedAt = ports.now();
  const dump = await ports.openDump(signal);
  try {
    const key = dumpKey(prefix, attempt, dump.extension);
    const { body, measure } = measured(dump.body);
    const versionId = await store.write({ key, body, sizeGiB: job.sizeGiB, signal });
    const measurement = measure();
    await expectStored(store, key, measurement);
    // Whoever is told to stop now has the time for one small object, and a whole dump to lose without it.

    const manifest = manifestOf(job, ports, dump, { startedAt, key, versionId, measurement });
    if (await commitManifest(store, manifestAt, manifest)) return { outcome: "stored", manifestKey: manifestAt, bytes: measurement.bytes };
    // The dump that lost stays until its run's days are over: a role that may mark objects could let every backup expire.
    return { outcome: "already-stored", manifestKey: manifestAt };
  } finally {
    await dump.close();
  }
}

/** What the store computed over all bytes has to be what passed through here: that proves the object without reading it again. */
async function expectStored(store: Store, key: string, { bytes, crc32 }: Measurement): Promise<void> {
  const facts = await store.facts(key);
  if (facts?.bytes === bytes && facts.crc32 === crc32) return;
  const came = facts === undefined ? "there is no such object" : `the store has ${facts.bytes} bytes with CRC32 ${facts.crc32 ?? "none"}`;
  throw new Error(`Expected ${key} to hold the ${bytes} bytes with CRC32 ${crc32} that were sent, ${came}. Nothing was recorded as a backup; run it again.`);
}

interface Written {
  readonly startedAt: Date;
  readonly key: string;
  readonly versionId: string;
  readonly measurement: Measurement;
}

function manifestOf(job: BackupJob, ports: BackupPorts, dump: Dump, { startedAt, key, versionId, measurement }: Written): BackupManifest {
  const finishedAt = ports.now();
  const { restoreCommand, startedAt: earlier, ...description } = dump.describe();
  const began = earlier ?? startedAt;
  return {
    version: 1,
    system: job.system,
    stack: job.stack,
    source: job.source,
    engine: job.engine,
    database: job.database,
    runId: runIdOf(job.scheduledAt),
    scheduledAt: job.scheduledAt.toISOString(),
    startedAt: began.toISOString(),
    finishedAt: finishedAt.toISOString(),
    attempt: ports.attempt,
    object: { key, versionId, ...measurement },
    ...description,
    // A clock may be set back in the meantime: a manifest that says less than nothing would be none.
    durationMilliseconds: Math.max(0, finishedAt.getTime() - began.getTime()),
    ...(ports.runner === undefined ? {} : { runner: ports.runner }),
    restoreCommand: restoreCommand(ports.store.addressOf(key)),
  };
}
