import { PutObjectCommand } from "@aws-sdk/client-s3";
import { setTimeout as wait } from "node:timers/promises";
import { type Bucket, statusOf } from "./objects.ts";

/** S3 answers 409 while another conditional write of the same key is under way; that takes milliseconds. */
const CONFLICT_RETRIES = 5;
const CONFLICT_PAUSE_MILLISECONDS = 200;

const EXISTS = 412;
const CONFLICT = 409;

/** Writes a JSON text unless the key is taken: false then. A repeated request may find what the first one wrote. */
export async function createObject(bucket: Bucket, key: string, text: string): Promise<boolean> {
  for (let conflicts = 0; ; conflicts += 1) {
    try {
      await bucket.s3.send(new PutObjectCommand({
        Bucket: bucket.name, Key: key, Body: text, ContentType: "application/json", ChecksumAlgorithm: "CRC32", IfNoneMatch: "*",
      }));
      return true;
    } catch (error) {
      if (statusOf(error) === EXISTS) return false;
      if (statusOf(error) !== CONFLICT || conflicts === CONFLICT_RETRIES) throw error;
      await wait(CONFLICT_PAUSE_MILLISECONDS * (conflicts + 1));
    }
  }
}
