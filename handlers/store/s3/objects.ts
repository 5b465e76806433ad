import {
  GetObjectCommand, GetObjectTaggingCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectTaggingCommand, S3ServiceException, type S3Client,
} from "@aws-sdk/client-s3";
import { supersededTag } from "../../../practice/contract/tags.ts";
import type { ListedObject, ObjectFacts } from "../store.ts";
import { interruptible } from "../interruptible.ts";

/** A bucket, and the client of the region it lies in. */
export interface Bucket {
  readonly s3: S3Client;
  readonly name: string;
}

/** Every object under a prefix, page by page, in the order of the keys; from the first after a key where one is given. */
export async function* listObjects({ s3, name }: Bucket, prefix: string, after?: string): AsyncGenerator<ListedObject> {
  let token: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({
      Bucket: name, Prefix: prefix, ...(token === undefined ? {} : { ContinuationToken: token }), ...(after === undefined ? {} : { StartAfter: after }),
    }));
    for (const { Key, Size, ETag, LastModified } of page.Contents ?? []) {
      if (Key === undefined) throw new Error(`Expected S3 to list keys under ${name}/${prefix}, it listed an object without one.`);
      yield { key: Key, bytes: Size ?? 0, ...(ETag === undefined ? {} : { etag: ETag }), ...(LastModified === undefined ? {} : { modifiedAt: LastModified }) };
    }
    token = page.NextContinuationToken;
  } while (token !== undefined);
}

/** Undefined when there is no such object. Needs `s3:ListBucket`: without it S3 answers 403 to the same question. */
export async function factsOf({ s3, name }: Bucket, key: string): Promise<ObjectFacts | undefined> {
  try {
    const head = await s3.send(new HeadObjectCommand({ Bucket: name, Key: key, ChecksumMode: "ENABLED" }));
    return {
      bytes: head.ContentLength ?? 0,
      ...(head.ChecksumCRC32 === undefined ? {} : { crc32: head.ChecksumCRC32 }),
      ...(head.LastModified === undefined ? {} : { modifiedAt: head.LastModified }),
      ...(head.ETag === undefined ? {} : { etag: head.ETag }),
      ...(head.VersionId === undefined ? {} : { versionId: head.VersionId }),
    };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** A manifest is a few kilobytes; a text that is much longer is not one and must not fill the memory. */
const TEXT_LIMIT_BYTES = 8 * 1024 * 1024;

export async function readText({ s3, name }: Bucket, key: string): Promise<string> {
  const { Body, ContentLength } = await s3.send(new GetObjectCommand({ Bucket: name, Key: key }));
  if (Body === undefined) throw new Error(`Expected ${name}/${key} to have a body, S3 gave none.`);
  if ((ContentLength ?? 0) > TEXT_LIMIT_BYTES) {
    throw new Error(`Expected ${name}/${key} to be at most ${TEXT_LIMIT_BYTES} bytes, it has ${ContentLength}.`);
  }
  return Body.transformToString();
}

/** The bytes of an object as they come; an empty version id is the current one. Fails when S3 gives fewer than it said. */
export async function* readObject({ s3, name }: Bucket, { key, versionId }: { readonly key: string; readonly versionId: string }, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const { Body, ContentLength } = await asked(signal, () => s3.send(
    new GetObjectCommand({ Bucket: name, Key: key, ...(versionId === "" ? {} : { VersionId: versionId }) }), { abortSignal: signal },
  ));
  if (Body === undefined) throw new Error(`Expected ${name}/${key} to have a body, S3 gave none.`);
  let bytes = 0;
  for await (const chunk of interruptible(Body as AsyncIterable<Uint8Array>, signal)) {
    bytes += chunk.length;
    yield chunk;
  }
  if (bytes !== ContentLength) throw new Error(`Expected ${ContentLength} bytes of ${name}/${key}, the connection ended after ${bytes}.`);
}

/** The SDK says of a request that was given up only that it was. */
async function asked<Answer>(signal: AbortSignal, ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

/**
 * Lets the store's lifecycle expire an object. Replaces the object's tags: the store sets no others. False when there
 * is no such object, or no such version of it.
 */
export async function markSuperseded({ s3, name }: Bucket, key: string, versionId?: string): Promise<boolean> {
  try {
    await s3.send(new PutObjectTaggingCommand({
      Bucket: name, Key: key, ...(versionId === undefined ? {} : { VersionId: versionId }), Tagging: { TagSet: [{ Key: supersededTag.key, Value: supersededTag.value }] },
    }));
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

export async function isSuperseded({ s3, name }: Bucket, key: string): Promise<boolean> {
  try {
    const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket: name, Key: key }));
    return (TagSet ?? []).some(({ Key, Value }) => Key === supersededTag.key && Value === supersededTag.value);
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** 405 is how S3 answers a change to an object that lifecycle has covered with a delete marker. */
const isMissing = (error: unknown): boolean => statusOf(error) === 404 || statusOf(error) === 405;

/** HTTP status of an S3 error, if it is one. */
export const statusOf = (error: unknown): number | undefined =>
  error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
