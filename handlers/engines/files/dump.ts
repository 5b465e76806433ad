import { pipeline } from "node:stream/promises";
import type { Pack } from "tar-stream";
import { type Dump, readObjectCommand } from "../dump.ts";
import { type Bucket, listObjects } from "../../store/s3/objects.ts";
import { fetchInOrder } from "./object-queue.ts";
import { openTarDump } from "./tar-dump.ts";
import { UnpackableKeys } from "./unpackable-keys.ts";

/** Every object of a bucket as one tar archive, in the order of the keys. */
export function openFilesDump(source: Bucket, signal: AbortSignal): Dump {
  const keys = new UnpackableKeys();
  return openTarDump({
    fill: (archive, stop) => fill(archive, source, keys, stop),
    describe: () => ({
      serverVersion: "Amazon S3",
      consistency: `Each object by itself: one that was written or deleted while the archive was made may be in it or not.${keys.sentence}`,
      restoreCommand: (uri) => `mkdir restored && ${readObjectCommand(uri)} | tar -xzf - -C restored`,
    }),
  }, signal);
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
