import { Readable } from "node:stream";
import { AbortMultipartUploadCommand, PutObjectCommand, type S3Client, UploadPartCommand } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { type Bucket, statusOf } from "./objects.ts";
import { interruptible } from "../interruptible.ts";

const MEBIBYTE = 1024 * 1024;

/** S3 allows 10,000 parts; the rest is for a source that has grown since somebody wrote its size down. */
const PLANNED_PARTS = 9_000;
const GROWTH = 1.5;

/** Bytes of a part for a source of the expected size. The library's own 5 MiB would end at 48.8 GiB. */
export function partBytesFor(sizeGiB: number): number {
  const wanted = Math.ceil((GROWTH * sizeGiB * 1024 * MEBIBYTE) / PLANNED_PARTS);
  return Math.min(Math.max(wanted, 16 * MEBIBYTE), 512 * MEBIBYTE);
}

export interface UploadArgs {
  readonly bucket: Bucket;
  readonly key: string;
  readonly body: AsyncIterable<Uint8Array>;
  readonly partBytes: number;
  readonly signal: AbortSignal;
}

/**
 * Stores a stream as one object, or nothing: when the body, a part or the signal fails, the unfinished upload is taken
 * back before this throws. Gives the version id, empty in a bucket without versions.
 */
export async function upload({ bucket, key, body, partBytes, signal }: UploadArgs): Promise<string> {
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  const target = { Bucket: bucket.name, Key: key };
  const uploading = new Upload({
    client: failingTogether(bucket.s3, stop, (error) => failed.abort(notStored(key, error))),
    params: { ...target, Body: Readable.from(interruptible(body, stop)), ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" },
    partSize: partBytes,
    leavePartsOnError: true,
  });
  try {
    const { VersionId } = await uploading.done();
    return VersionId ?? "";
  } catch (error) {
    const cause: unknown = stop.aborted ? stop.reason : error;
    if (uploading.uploadId !== undefined) await takeBack(bucket, key, uploading.uploadId, cause);
    throw cause;
  }
}

/**
 * The library gives its requests no signal and, when one part fails, waits for the body to end. With this client a
 * signal ends parts that are on their way, and the first failed one ends all the others and the body.
 */
function failingTogether(s3: S3Client, stop: AbortSignal, fail: (error: unknown) => void): S3Client {
  const send = async (...[command, options]: Parameters<S3Client["send"]>): Promise<unknown> => {
    const carriesBody = command instanceof UploadPartCommand || command instanceof PutObjectCommand;
    try {
      return await s3.send(command, carriesBody ? { ...options, abortSignal: stop } : options);
    } catch (error) {
      fail(error);
      throw error;
    }
  };
  return Object.assign(Object.create(s3) as S3Client, { send });
}

/** A broken connection alone (`write EPIPE`) does not say what was to be sent. */
const notStored = (key: string, cause: unknown): Error =>
  new Error(`Expected S3 to store ${key}, it did not: ${cause instanceof Error ? cause.message : String(cause)}.`, { cause });

/** Parts of an unfinished upload cost money and are listed nowhere. */
async function takeBack({ s3, name }: Bucket, key: string, uploadId: string, cause: unknown): Promise<void> {
  try {
    await s3.send(new AbortMultipartUploadCommand({ Bucket: name, Key: key, UploadId: uploadId }));
  } catch (error) {
    if (statusOf(error) === 404) return;
    const [first, second] = [cause, error].map((one) => (one instanceof Error ? one.message : String(one)));
    throw new AggregateError([cause, error], `${first} Its unfinished upload could not be taken back either (${second}): the store's lifecycle removes it in some days.`);
  }
}
