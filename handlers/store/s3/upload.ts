import {
  AbortMultipartUploadCommand, type CompletedPart, CompleteMultipartUploadCommand, CreateMultipartUploadCommand, PutObjectCommand, UploadPartCommand,
} from "@aws-sdk/client-s3";
import { interruptible } from "../interruptible.ts";
import { type Bucket, statusOf } from "./objects.ts";
import { type Part, partsOf } from "./parts.ts";

/** Parts that are on their way at once: enough to fill a network, and each lies in memory. */
const AT_ONCE = 4;

export interface UploadArgs {
  readonly bucket: Bucket;
  readonly key: string;
  readonly body: AsyncIterable<Uint8Array>;
  /** Of each part, as far as the plan goes. At least S3's 5 MiB. */
  readonly partBytes: number;
  readonly signal: AbortSignal;
  /** Tags that the object has from its beginning. Default: none. */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * Stores a stream as one object, or nothing: when the body, a part or the signal fails, all that is on its way ends and
 * the unfinished upload is taken back before this throws. Gives the version id, empty in a bucket without versions.
 */
export async function upload({ bucket, key, body, partBytes, signal, tags }: UploadArgs): Promise<string> {
  const tagging = tags === undefined ? {} : { Tagging: new URLSearchParams(tags).toString() };
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  const parts = partsOf(interruptible(body, stop), partBytes);
  const { value: first } = await parts.next();
  if (first === undefined || first.isLast) return putWhole(bucket, { key, bytes: first?.bytes ?? Buffer.alloc(0), tagging }, stop);

  const target = { Bucket: bucket.name, Key: key };
  const { UploadId = "" } = await telling(key, () => bucket.s3.send(new CreateMultipartUploadCommand({ ...target, ...tagging, ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" })));
  try {
    const sent = await sendAll(bucket, { key, uploadId: UploadId, parts: [first, parts], failed, stop });
    const { VersionId } = await telling(key, () => bucket.s3.send(new CompleteMultipartUploadCommand({
      ...target, UploadId, ChecksumType: "FULL_OBJECT", MultipartUpload: { Parts: sent.toSorted((one, other) => (one.PartNumber ?? 0) - (other.PartNumber ?? 0)) },
    })));
    return VersionId ?? "";
  } catch (error) {
    await takeBack(bucket, key, UploadId, error);
    throw error;
  }
}

interface Whole {
  readonly key: string;
  readonly bytes: Buffer;
  readonly tagging: { readonly Tagging?: string };
}

/** What fits into one part is no upload of parts: one request, and nothing to take back. */
async function putWhole({ s3, name }: Bucket, { key, bytes, tagging }: Whole, stop: AbortSignal): Promise<string> {
  try {
    const { VersionId } = await telling(key, () => s3.send(new PutObjectCommand({ Bucket: name, Key: key, Body: bytes, ...tagging, ChecksumAlgorithm: "CRC32" }), { abortSignal: stop }));
    return VersionId ?? "";
  } catch (error) {
    stop.throwIfAborted();
    throw error;
  }
}

interface Sending {
  readonly key: string;
  readonly uploadId: string;
  readonly parts: readonly [first: Part, others: AsyncIterable<Part>];
  /** Aborted by the first that fails: it ends the others, and the body. */
  readonly failed: AbortController;
  readonly stop: AbortSignal;
}

/** Sends some parts at once; throws the first failure, or the signal's reason, when none is on its way any more. */
async function sendAll({ s3, name }: Bucket, { key, uploadId, parts: [first, others], failed, stop }: Sending): Promise<readonly CompletedPart[]> {
  const sent: CompletedPart[] = [];
  const stopping = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      failed.abort(error);
      throw error;
    }
  };
  // At once, in each of them: a loop that is left waits for the body first, which may be silent.
  const send = ({ number, bytes }: Part): Promise<void> => stopping(async () => {
    const { ETag, ChecksumCRC32 } = await telling(key, () => s3.send(new UploadPartCommand({
      Bucket: name, Key: key, UploadId: uploadId, PartNumber: number, Body: bytes, ChecksumAlgorithm: "CRC32",
    }), { abortSignal: stop }));
    sent.push({ PartNumber: number, ETag, ChecksumCRC32 });
  });
  const sendOthers = (): Promise<void> => stopping(async () => {
    for await (const part of others) await send(part);
  });
  const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, async (_, index) => {
    if (index === 0) await send(first);
    await sendOthers();
  }));
  // What failed first stopped the rest, unless it was itself stopped.
  if (ends.some(({ status }) => status === "rejected")) throw stop.reason;
  return sent;
}

/** A broken connection alone (`write EPIPE`) does not say what was to be sent. */
async function telling<Answer>(key: string, send: () => Promise<Answer>): Promise<Answer> {
  try {
    return await send();
  } catch (error) {
    throw new Error(`Expected S3 to store ${key}, it did not: ${error instanceof Error ? error.message : String(error)}.`, { cause: error });
  }
}

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
