import type { BackupSettings, DatabaseBackupSettings, FilesSettings, HostDatabase, HostFiles, Settings } from "../config/settings.ts";
import type { BackupEntry, HostBackupEntry, HostsEntry } from "./entries.ts";
import { LOG_DAYS } from "./functions.ts";
import { dumpTask } from "./runner.ts";

/** State Manager knows no zone and no first Sunday, and no rate below half an hour: a host asks as often as it may, and computes which run is due. */
export const HOST_EVERY_MINUTES = 30;

/** From the scheduled time to the end of a second attempt, each begun as late as it may be. */
export const longestHostRunSeconds = ({ everyMinutes, timeoutSeconds }: Pick<HostBackupEntry, "everyMinutes" | "timeoutSeconds">): number =>
  2 * (everyMinutes * 60 + timeoutSeconds);

export const isOnHost = (files: FilesSettings): files is HostFiles => "path" in files;

const run = (source: string, sizeGiB: number, { schedule, keepDays }: BackupSettings) =>
  ({ source, schedule, keepDays, sizeGiB, everyMinutes: HOST_EVERY_MINUTES, timeoutSeconds: dumpTask(sizeGiB).timeoutSeconds });

export const planHostDatabase = (
  source: string, database: HostDatabase, backup: DatabaseBackupSettings, carries: HostBackupEntry["carries"],
): HostBackupEntry => ({
  kind: "host-backup",
  name: source,
  from: `upkeep:databases.${source}.backup`,
  carries,
  engine: database.engine,
  database: database.database,
  secret: database.secret,
  ...(database.secretKey === undefined ? {} : { secretKey: database.secretKey }),
  port: database.port,
  ...(backup.content === undefined ? {} : { content: backup.content }),
  host: database.host,
  ...run(source, database.sizeGiB, backup),
});

export const planHostFiles = (source: string, files: HostFiles, backup: BackupSettings, carries: HostBackupEntry["carries"]): HostBackupEntry => ({
  kind: "host-backup",
  name: source,
  from: `upkeep:files.${source}.backup`,
  carries,
  engine: "files",
  database: files.path,
  host: files.host,
  ...run(source, files.sizeGiB, backup),
});

/** The machines that back something up, and what each may read and write for it. */
export function planHosts({ hosts }: Settings, backups: readonly BackupEntry[]): readonly HostsEntry[] {
  const own = backups.filter((backup) => backup.kind === "host-backup");
  if (own.length === 0) return [];
  return [{
    kind: "hosts", name: "hosts", from: "upkeep:hosts", carries: [],
    ...(own.some(({ engine }) => engine !== "files") ? { architecture: "x86_64" } : {}),
    logDays: LOG_DAYS,
    hosts: Object.entries(hosts).flatMap(([name, settings]) => {
      const here = own.filter(({ host }) => host === name);
      return here.length === 0 ? [] : [{
        name, ...settings,
        sources: here.map(({ source, secret, secretKey }) => ({ source, ...(secret === undefined ? {} : { secret }), ...(secretKey === undefined ? {} : { secretKey }) })),
      }];
    }),
  }];
}
