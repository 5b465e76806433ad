import { CopyObjectCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import { setTimeout as wait } from "node:timers/promises";
import type { InventoryEntry } from "../../practice/contract/inventory.ts";
import type { SourceVersion } from "../store/inventory.ts";
import { type Bucket, factsOf, statusOf } from "../store/s3/objects.ts";
import { copyInParts } from "./copy-in-parts.ts";
import type { WorkLine } from "./work.ts";

export interface CopyPorts {
  /** The bucket that is backed up. */
  readonly from: Bucket;
  readonly store: Bucket;
  readonly signal: AbortSignal;
  /** Bytes up to which one request copies an object, and of a part above. Default: 5 GiB, which is all that S3 allows, and 512 MiB. */
  readonly limits?: CopySizes;
}

export interface CopySizes {
  readonly single: number;
  readonly part: number;
}

const GIBIBYTE = 1024 ** 3;
const sizes: CopySizes = { single: 5 * GIBIBYTE, part: GIBIBYTE / 2 };

/** S3 answers 409 while another conditional write of the same key is under way. */
const CONFLICT_RETRIES = 5;
const CONFLICT_PAUSE_MILLISECONDS = 200;

/**
 * S3 copies one version into the store, and computes a checksum over all that it has copied. `vanished`: there is no
 * such version any more. A source version: it has changed, and this is what it is now.
 */
export async function copyVersion(line: WorkLine, ports: CopyPorts): Promise<InventoryEntry | "vanished" | SourceVersion> {
  const { store, from, signal } = ports;
  for (let conflicts = 0; ; conflicts += 1) {
    try {
      const crc32 = await send(line, ports);
      return await expectCopied(line, store, crc32);
    } catch (error) {
      signal.throwIfAborted();
      if (isGone(error)) return "vanished";
      if (statusOf(error) === 409 && conflicts < CONFLICT_RETRIES) {
        await wait(CONFLICT_PAUSE_MILLISECONDS * (conflicts + 1), undefined, { signal });
        continue;
      }
      if (statusOf(error) !== 412) throw failedToCopy(line, ports, error);
    }
    // Either the copy is there already, or the object has changed since it was listed.
    const now = await versionNow(from, line, signal);
    if (now !== undefined && now.etag !== line.etag && line.versionId === "null") return now;
    if (line.overwrite !== true && await factsOf(store, line.copy) !== undefined) return await expectCopied(line, store, undefined);
    if (now === undefined) return "vanished";
    return now;
  }
}

/** The checksum that S3 says of the new copy, if it says one. */
async function send(line: WorkLine, { from, store, signal, limits = sizes }: CopyPorts): Promise<string | undefined> {
  const { key, versionId, etag, bytes, copy, overwrite } = line;
  // A header: everything but the slashes is encoded, or a `+` and a `?` in a key would mean something else.
  const source = `${from.name}/${key.split("/").map(encodeURIComponent).join("/")}${versionId === "null" ? "" : `?versionId=${encodeURIComponent(versionId)}`}`;
  const condition = overwrite === true ? {} : { IfNoneMatch: "*" };
  if (bytes > limits.single) return copyInParts({ store, source, key: copy, etag, bytes, partBytes: limits.part, condition, head: () => headOf(from, line, signal), signal });
  const { CopyObjectResult } = await store.s3.send(new CopyObjectCommand({
    Bucket: store.name, Key: copy, CopySource: source, CopySourceIfMatch: etag, ...condition,
    MetadataDirective: "COPY",
    // Somebody may have tagged the original with our own word for what may expire.
    TaggingDirective: "REPLACE",
    ChecksumAlgorithm: "CRC32",
    StorageClass: "STANDARD",
  }), { abortSignal: signal });
  return CopyObjectResult?.ChecksumCRC32;
}

async function expectCopied({ key, versionId, etag, bytes, copy }: WorkLine, store: Bucket, crc32: string | undefined): Promise<InventoryEntry> {
  const facts = await factsOf(store, copy);
  if (facts?.bytes !== bytes || facts.crc32 === undefined || (crc32 !== undefined && facts.crc32 !== crc32)) {
    const came = facts === undefined ? "there is no such object" : `it has ${facts.bytes} bytes with CRC32 ${facts.crc32 ?? "none"}`;
    throw new Error(`Expected the copy ${copy} to hold the ${bytes} bytes of ${JSON.stringify(key)}${crc32 === undefined ? "" : ` with CRC32 ${crc32}`}, ${came}. Nothing was recorded as a backup; run it again.`);
  }
  return { key, versionId, etag, bytes, crc32: facts.crc32, copy, copyEtag: facts.etag ?? "" };
}

const headOf = ({ s3, name }: Bucket, { key, versionId }: SourceVersion, signal: AbortSignal) =>
  s3.send(new HeadObjectCommand({ Bucket: name, Key: key, ...(versionId === "null" ? {} : { VersionId: versionId }) }), { abortSignal: signal });

/** What lies under the key now; undefined where nothing does. */
async function versionNow({ s3, name }: Bucket, { key }: SourceVersion, signal: AbortSignal): Promise<SourceVersion | undefined> {
  try {
    const { ETag, ContentLength = 0, VersionId = "null" } = await s3.send(new HeadObjectCommand({ Bucket: name, Key: key }), { abortSignal: signal });
    return { key, versionId: VersionId, etag: ETag ?? "", bytes: ContentLength };
  } catch (error) {
    signal.throwIfAborted();
    if (statusOf(error) === 404 || statusOf(error) === 405) return undefined;
    throw error;
  }
}

/** A bucket that is gone is no object that is. */
const isGone = (error: unknown): boolean => error instanceof Error && ["NoSuchKey", "NoSuchVersion", "NotFound"].includes(error.name);

const failedToCopy = ({ key, bytes }: WorkLine, { from, store }: CopyPorts, cause: unknown): Error =>
  new Error(`Expected S3 to copy s3://${from.name}/${key} (${bytes} bytes) to ${store.name}, it did not: ${cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)}`, { cause });
