/** Where things lie in the backup store. A backup exists when its manifest exists. */

/** `<system>/<source>/` */
export const sourcePrefix = (system: string, source: string): string => `${system}/${source}/`;

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

export const manifestName = "manifest.json";

/** Written under its own attempt: no manifest can name another attempt's bytes. */
export const dumpKey = (prefix: string, attempt: string, extension: string): string =>
  `${prefix}${attempt}.${extension}`;
