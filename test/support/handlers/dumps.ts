import type { BackupJob } from "../../../handlers/backup/run.ts";
import type { Dump } from "../../../handlers/engines/dump.ts";

export const jobAt = (scheduledAt: string, changed: Partial<BackupJob> = {}): BackupJob => ({
  system: "campus", stack: "prod", source: "accounts", engine: "postgresql", database: "accounts", sizeGiB: 1,
  scheduledAt: new Date(scheduledAt), ...changed,
});

/** A dump with a body of the test's choice. */
export function dumpWith(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, closed: () => void = () => undefined): Dump {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield* body;
  }
  return {
    extension: "dump",
    body: chunks(),
    describe: () => ({
      tool: "a test", serverVersion: "1", consistency: "none", dumpBytes: 1, restoreCommand: (uri) => `restore ${uri}`,
    }),
    close: () => {
      closed();
      return Promise.resolve();
    },
  };
}
