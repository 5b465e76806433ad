import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import { type Bucket, listObjects } from "../store/s3/objects.ts";
import type { ListedObject } from "../store/store.ts";
import type { CacheSnapshot } from "./snapshots.ts";

/** What lies in the bucket of one export: ElastiCache adds `-0001.rdb` to its name, with the number of the shard. */
export async function exportedObjects(exports: Bucket, name: string): Promise<readonly ListedObject[]> {
  const found: ListedObject[] = [];
  for await (const object of listObjects(exports, `${name}-`)) if (/^-\d+\.rdb$/.test(object.key.slice(name.length))) found.push(object);
  return found;
}

/** Older than the snapshot itself: of an attempt before it, which was not cleared away. */
export const isStale = ({ modifiedAt }: ListedObject, { shards }: CacheSnapshot): boolean =>
  // S3 cuts off what is less than a second.
  modifiedAt !== undefined && shards.some(({ takenAt }) => takenAt !== undefined && modifiedAt.getTime() < takenAt.getTime() - 1000);

export async function removeObjects({ s3, name: Bucket }: Bucket, objects: readonly ListedObject[], abortSignal: AbortSignal): Promise<void> {
  for (const { key: Key } of objects) await s3.send(new DeleteObjectCommand({ Bucket, Key }), { abortSignal });
}
