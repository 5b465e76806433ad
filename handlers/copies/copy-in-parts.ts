import { AbortMultipartUploadCommand, CompleteMultipartUploadCommand, CreateMultipartUploadCommand, type HeadObjectCommandOutput, UploadPartCopyCommand } from "@aws-sdk/client-s3";
import { type Bucket, statusOf } from "../store/s3/objects.ts";
import { sideBySide } from "../store/side-by-side.ts";

export interface CopyInParts {
  readonly store: Bucket;
  /** Bucket, key and version, encoded. */
  readonly source: string;
  readonly key: string;
  readonly etag: string;
  readonly bytes: number;
  readonly partBytes: number;
  /** Of the last request. */
  readonly condition: { readonly IfNoneMatch?: string };
  /** What S3 says of the original: here nothing comes along by itself. */
  readonly head: () => Promise<HeadObjectCommandOutput>;
  readonly signal: AbortSignal;
}

/** Parts of one object under way at one time: each is a copy of seconds inside S3. */
const PARTS_AT_ONCE = 16;

/** An object above what one request copies. Gives the checksum of all its bytes, if S3 says it; nothing is left of one that fails. */
export async function copyInParts({ store: { s3, name }, source, key, etag, bytes, partBytes, condition, head, signal }: CopyInParts): Promise<string | undefined> {
  const { ContentType, ContentEncoding, ContentLanguage, ContentDisposition, CacheControl, Metadata } = await head();
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({
    Bucket: name, Key: key, ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT", ContentType, ContentEncoding, ContentLanguage, ContentDisposition, CacheControl, Metadata,
  }), { abortSignal: signal });
  try {
    const starts = Array.from({ length: Math.ceil(bytes / partBytes) }, (_, index) => index * partBytes);
    const parts = await sideBySide(starts, PARTS_AT_ONCE, signal, async (start, index, stop) => {
      const { CopyPartResult } = await s3.send(new UploadPartCopyCommand({
        Bucket: name, Key: key, UploadId, PartNumber: index + 1, CopySource: source, CopySourceIfMatch: etag,
        CopySourceRange: `bytes=${start}-${Math.min(start + partBytes, bytes) - 1}`,
      }), { abortSignal: stop });
      return { PartNumber: index + 1, ETag: CopyPartResult?.ETag, ...(CopyPartResult?.ChecksumCRC32 === undefined ? {} : { ChecksumCRC32: CopyPartResult.ChecksumCRC32 }) };
    });
    const { ChecksumCRC32, ChecksumType } = await s3.send(new CompleteMultipartUploadCommand({
      Bucket: name, Key: key, UploadId, ChecksumType: "FULL_OBJECT", MultipartUpload: { Parts: [...parts] }, ...condition,
    }), { abortSignal: signal });
    return ChecksumType === "FULL_OBJECT" ? ChecksumCRC32 : undefined;
  } catch (error) {
    await s3.send(new AbortMultipartUploadCommand({ Bucket: name, Key: key, UploadId })).catch((problem: unknown) => {
      // The store's lifecycle removes it in some days; what is wrong is what failed first.
      if (statusOf(problem) !== 404) throw new AggregateError([error, problem], `${String(error)} Its unfinished upload could not be taken back either: the store's lifecycle removes it in some days.`);
    });
    throw error;
  }
}
