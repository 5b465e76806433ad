import { pack, type Pack } from "tar-stream";
import type { Dump, DumpDescription } from "../dump.ts";
import { gzip } from "../gzip.ts";

export interface TarContents {
  /** Puts all entries into the archive and gives their number. Stops when the signal aborts. */
  readonly fill: (archive: Pack, signal: AbortSignal) => Promise<number>;
  /** What else is to be said of them once all are in. */
  readonly describe: () => Omit<DumpDescription, "tool" | "counts" | "dumpBytes">;
}

/** What is put in as one tar archive, streamed and compressed. The archive ends whole or fails. */
export function openTarDump({ fill, describe }: TarContents, signal: AbortSignal): Dump {
  const archive = pack();
  let dumpBytes = 0;
  let objects = 0;
  const closed = new AbortController();
  const filling = fill(archive, AbortSignal.any([signal, closed.signal])).then((count) => {
    objects = count;
    archive.finalize();
  }, (error: unknown) => archive.destroy(error instanceof Error ? error : new Error(String(error))));

  async function* body(): AsyncGenerator<Uint8Array> {
    for await (const chunk of archive as AsyncIterable<Uint8Array>) {
      dumpBytes += chunk.length;
      yield chunk;
    }
    await filling;
  }
  return {
    extension: "tar.gz",
    body: gzip(body()),
    describe: () => ({ ...describe(), tool: "upkeep, tar-stream", counts: { objects }, dumpBytes }),
    close: async () => {
      archive.destroy();
      closed.abort();
      await filling;
    },
  };
}
