import { gunzipSync } from "node:zlib";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { statusOf } from "../../store/s3/objects.ts";
import type { ConfigurationItem } from "./item.ts";

/** Where Pulumi keeps the state of the stack, when it keeps it in a bucket. */
export interface StateObject {
  readonly bucket: string;
  /** `.pulumi/stacks/<project>/<stack>.json` */
  readonly key: string;
}

/** The memory of the function is for this text, its parsed form and the line made of it. */
const MOST_BYTES = 64 * 1024 * 1024;

/** The state as it is: Pulumi writes secrets into it encrypted, and nothing here could open them. */
export async function readState(s3: S3Client, { bucket, key }: StateObject, abortSignal: AbortSignal): Promise<ConfigurationItem> {
  // Pulumi compresses it where PULUMI_SELF_MANAGED_STATE_GZIP says so.
  const found = await bytesOf(s3, { bucket, key }, abortSignal) ?? await bytesOf(s3, { bucket, key: `${key}.gz` }, abortSignal);
  if (found === undefined) {
    throw new Error(`Expected the state of the stack in s3://${bucket}/${key}, there is none. Mend upkeep:configuration.stateBucket, or remove it where Pulumi keeps the state elsewhere.`);
  }
  const text = Buffer.from(found[0] === 0x1f && found[1] === 0x8b ? gunzipSync(found, { maxOutputLength: MOST_BYTES }) : found).toString("utf8");
  return { kind: "stack-state", name: key, definition: parsed(text, `s3://${bucket}/${key}`) };
}

async function bytesOf(s3: S3Client, { bucket, key }: StateObject, abortSignal: AbortSignal): Promise<Uint8Array | undefined> {
  try {
    const { Body, ContentLength = 0 } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }), { abortSignal });
    if (ContentLength > MOST_BYTES) throw new Error(`Expected the state s3://${bucket}/${key} to have at most ${MOST_BYTES} bytes, it has ${ContentLength}. Split the stack.`);
    return await Body?.transformToByteArray();
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** JSON's own message would quote it. */
function parsed(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`Expected the state ${where} to be JSON, it is not (${text.length} characters).`);
  }
}
