import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { pack, type Pack } from "tar-stream";
import type { Dump } from "../dump.ts";
import { shellWord } from "../dump.ts";
import { gzip } from "../gzip.ts";
import { type Bucket, listObjects, statusOf } from "../../store/objects.ts";

/** Every object of a bucket as one tar archive, in the order of the keys. */
export function openFilesDump(source: Bucket, signal: AbortSignal): Dump {
  const archive = pack();
  let dumpBytes = 0;
  let objects = 0;
  const filling = fill(archive, source, signal).then((count) => {
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
      consistency: "Each object by itself: one that was written or deleted while the archive was made may be in it or not.",
      counts: { objects },
      dumpBytes,
      restoreCommand: (uri) => `mkdir restored && aws s3 cp ${shellWord(uri)} - | tar -xzf - -C restored`,
    }),
    close: async () => {
      archive.destroy();
      await filling;
    },
  };
}

/** Gives the number of objects in the archive. */
async function fill(archive: Pack, source: Bucket, signal: AbortSignal): Promise<number> {
  let objects = 0;
  for await (const { key } of listObjects(source, "")) {
    if (await append(archive, source, key, signal)) objects += 1;
  }
  return objects;
}

/** False when the object was deleted after it was listed. */
async function append(archive: Pack, { s3, name }: Bucket, key: string, signal: AbortSignal): Promise<boolean> {
  const object = await s3.send(new GetObjectCommand({ Bucket: name, Key: key }), { abortSignal: signal }).catch((error: unknown) => {
    if (statusOf(error) === 404) return undefined;
    throw error;
  });
  if (object === undefined) return false;
  const { Body, ContentLength, LastModified } = object;
  if (!(Body instanceof Readable) || ContentLength === undefined) throw new Error(`Expected ${name}/${key} to have a body and a length, S3 gave none.`);
  const entry = archive.entry({
    name: key,
    // The length of what is being read, not of what was listed: an object that has changed since is taken whole.
    size: ContentLength,
    type: key.endsWith("/") && ContentLength === 0 ? "directory" : "file",
    ...(LastModified === undefined ? {} : { mtime: LastModified }),
  });
  await pipeline(Body, entry);
  return true;
}
