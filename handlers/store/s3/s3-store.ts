import type { Store } from "../store.ts";
import { createObject } from "./create.ts";
import { type Bucket, factsOf, isSuperseded, listObjects, markSuperseded, readObject, readText } from "./objects.ts";
import { partBytesFor } from "./parts.ts";
import { upload } from "./upload.ts";

/** A bucket as a store of backups. */
export const s3Store = (bucket: Bucket): Store => ({
  name: bucket.name,
  addressOf: (key) => `s3://${bucket.name}/${key}`,
  list: (prefix, after) => listObjects(bucket, prefix, after),
  facts: (key) => factsOf(bucket, key),
  readText: (key) => readText(bucket, key),
  read: (key, versionId, signal) => readObject(bucket, { key, versionId }, signal),
  write: ({ key, body, sizeGiB, signal }) => upload({ bucket, key, body, partBytes: partBytesFor(sizeGiB), signal }),
  create: (key, text) => createObject(bucket, key, text),
  markSuperseded: (key, versionId) => markSuperseded(bucket, key, versionId),
  isSuperseded: (key) => isSuperseded(bucket, key),
});
