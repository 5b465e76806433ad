import { PutObjectCommand } from "@aws-sdk/client-s3";
import { setTimeout as wait } from "node:timers/promises";
import type { BackupManifest } from "../../practice/contract/manifest.ts";
import { parseManifest } from "../store/manifest.ts";
import { type Bucket, readText, statusOf } from "../store/objects.ts";

/** S3 answers 409 while another conditional write of the same key is under way; that takes milliseconds. */
const CONFLICT_RETRIES = 5;
const CONFLICT_PAUSE_MILLISECONDS = 200;

const EXISTS = 412;
const CONFLICT = 409;

/**
 * Writes the manifest unless the run has one already. Says whether the run's manifest is ours: a repeated request may
 * find the one that the first request wrote before its answer was lost.
 */
export async function commitManifest(bucket: Bucket, key: string, manifest: BackupManifest): Promise<boolean> {
  for (let conflicts = 0; ; conflicts += 1) {
    try {
      await bucket.s3.send(new PutObjectCommand({
        Bucket: bucket.name, Key: key, Body: `${JSON.stringify(manifest, undefined, 2)}\n`,
        ContentType: "application/json", ChecksumAlgorithm: "CRC32", IfNoneMatch: "*",
      }));
      return true;
    } catch (error) {
      if (statusOf(error) === EXISTS) break;
      if (statusOf(error) !== CONFLICT || conflicts === CONFLICT_RETRIES) throw error;
      await wait(CONFLICT_PAUSE_MILLISECONDS * (conflicts + 1));
    }
  }
  const stored = parseManifest(await readText(bucket, key), { ...manifest, key });
  return stored.attempt === manifest.attempt;
}
