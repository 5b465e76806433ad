import { ListObjectVersionsCommand, type ListObjectVersionsCommandOutput } from "@aws-sdk/client-s3";
import type { SourceVersion } from "../store/inventory.ts";
import type { Bucket } from "../store/s3/objects.ts";

/**
 * The current version of every object of a bucket, in the order of the keys. What is deleted has none. Costs a request
 * for each thousand versions, the old ones included.
 */
export async function* currentVersions({ s3, name }: Bucket, signal: AbortSignal): AsyncGenerator<SourceVersion> {
  let marker: { readonly KeyMarker?: string; readonly VersionIdMarker?: string } | undefined = {};
  while (marker !== undefined) {
    const page: ListObjectVersionsCommandOutput = await s3.send(new ListObjectVersionsCommand({
      // Without it, a key with a character that XML does not know cannot be answered.
      Bucket: name, EncodingType: "url", ...marker,
    }), { abortSignal: signal });
    const decoded = page.EncodingType === "url" ? (text: string): string => decodeURIComponent(text.replaceAll("+", "%20")) : (text: string): string => text;
    for (const { Key, VersionId, ETag, Size, IsLatest } of page.Versions ?? []) {
      if (IsLatest !== true) continue;
      if (Key === undefined || ETag === undefined || Size === undefined) throw new Error(`Expected S3 to list the objects of ${name} with key, ETag and size, one of them lacks something.`);
      yield { key: decoded(Key), versionId: VersionId ?? "null", etag: ETag, bytes: Size };
    }
    marker = page.IsTruncated !== true ? undefined : {
      ...(page.NextKeyMarker === undefined ? {} : { KeyMarker: decoded(page.NextKeyMarker) }),
      ...(page.NextVersionIdMarker === undefined ? {} : { VersionIdMarker: page.NextVersionIdMarker }),
    };
  }
}
