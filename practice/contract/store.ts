/** Where things lie in the backup store. A backup exists when its manifest exists. */

/** `<system>/<source>/` */
export const sourcePrefix = (system: string, source: string): string => `${system}/${source}/`;

/**
 * Copies of a bucket's objects, each under the hash of what it is a copy of: `<system>/<source>/objects/<64 hexadecimal
 * digits>`. No run's folder begins so.
 */
export const copiesPrefix = (system: string, source: string): string => `${sourcePrefix(system, source)}objects/`;

/**
 * `<system>/<source>/<yyyy>/<mm>/<runId>/`; the run is named by its scheduled time, so two deliveries of one
 * schedule meet in one place.
 */
export function runPrefix(system: string, source: string, scheduledAt: Date): string {
  const runId = runIdOf(scheduledAt);
  return `${sourcePrefix(system, source)}${runId.slice(0, 4)}/${runId.slice(4, 6)}/${runId}/`;
}

/** `20261123T020000Z`: sorts by time, holds no character that a shell or a URL would mind. */
export const runIdOf = (scheduledAt: Date): string =>
  `${scheduledAt.toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;

/** The scheduled time that a run is named by; undefined when the text names no run. */
export function scheduledAtOf(runId: string): Date | undefined {
  const parts = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/.exec(runId);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  const at = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

const manifestName = "manifest.json";

export const manifestKey = (prefix: string): string => `${prefix}${manifestName}`;

/** Written under its own attempt: no manifest can name another attempt's bytes. */
export const dumpKey = (prefix: string, attempt: string, extension: string): string =>
  `${prefix}${attempt}.${extension}`;
