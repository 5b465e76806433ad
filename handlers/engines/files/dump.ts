import { pipeline } from "node:stream/promises";
import { pack, type Pack } from "tar-stream";
import type { Dump } from "../dump.ts";
import { readObjectCommand } from "../dump.ts";
import { gzip } from "../gzip.ts";
import { type Bucket, listObjects } from "../../store/s3/objects.ts";
import { fetchInOrder } from "./object-queue.ts";
import { UnpackableKeys } from "./unpackable-keys.ts";

/** Every object of a bucket as one tar archive, in the order of the keys. */
export function openFilesDump(source: Bucket, signal: AbortSignal): Dump {
  const archive = pack();
  let dumpBytes = 0;
  let objects = 0;
  const keys = new UnpackableKeys();
  const closed = new AbortController();
  const filling = fill(archive, source, keys, AbortSignal.any([signal, closed.signal])).then((count) => {
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
    describe: () => ({
      tool: "upkeep, tar-stream",
      serverVersion: "Amazon S3",
      consistency: `Each object by itself: one that was written or deleted while the archive was made may be in it or not.${keys.sentence}`,
      counts: { objects },
      dumpBytes,
      restoreCommand: (uri) => `mkdir restored && ${readObjectCommand(uri)} | tar -xzf - -C restored`,
    }),
    close: async () => {
      archive.destroy();
      closed.abort();
      await filling;
    },
  };
}

/** Gives the number of objects in the archive. */
async function fill(archive: Pack, source: Bucket, keys: UnpackableKeys, signal: AbortSignal): Promise<number> {
  let objects = 0;
  for await (const { key, bytes, modifiedAt, body } of fetchInOrder(source, listObjects(source, ""), signal)) {
    const type = key.endsWith("/") && bytes === 0 ? "directory" : "file";
    await pipeline(body, archive.entry({ name: key, size: bytes, type, ...(modifiedAt === undefined ? {} : { mtime: modifiedAt }) }));
    keys.see(key);
    objects += 1;
  }
  return objects;
}
