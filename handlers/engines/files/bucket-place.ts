import { copyVersion } from "../../copies/copy-version.ts";
import { type Bucket, factsOf, listObjects } from "../../store/s3/objects.ts";
import { sideBySide } from "../../store/side-by-side.ts";
import type { FilesPlace } from "./restore.ts";

/** Questions for checksums at one time. */
const AT_ONCE = 32;

/** An empty bucket: S3 copies from the store into it, with content types and people's own words. Another region's is slower, not different. */
export const bucketPlace = (into: Bucket, store: Bucket): FilesPlace => ({
  name: `s3://${into.name}`,
  refusal: async (source) => {
    if (into.name === source) return `Expected another bucket than ${source}, which was backed up: nothing is ever restored over anything. Name a new, empty one.`;
    if (into.name === store.name) return `Expected another bucket than the store ${store.name}. Name a new, empty one.`;
    const first = await listObjects(into, "").next();
    return first.done === true ? undefined : `Expected an empty bucket, ${into.name} has ${JSON.stringify(first.value.key)}: nothing is ever restored over anything. Name another.`;
  },
  put: async ({ key, copy, bytes, crc32, copyEtag }, signal) => {
    const ports = { from: store, store: into, signal };
    const original = { key: copy, versionId: "null", etag: copyEtag, bytes };
    let copied = await copyVersion({ ...original, copy: key }, ports);
    // The copy was made again, with an ETag of its own: its checksum is what counts.
    if (copied !== "vanished" && !("copyEtag" in copied)) copied = await copyVersion({ ...original, etag: copied.etag, copy: key }, ports);
    if (copied !== "vanished" && "copyEtag" in copied && copied.crc32 === crc32) return true;
    throw new Error(`Expected s3://${store.name}/${copy}, the copy of ${JSON.stringify(key)}, to have the CRC32 ${crc32}, it ${copied === "vanished" ? "is gone" : "has another"}. Choose an earlier backup with --at.`);
  },
  contents: async function* contents(signal) {
    let keys: string[] = [];
    const asked = (): Promise<readonly { readonly key: string; readonly bytes: number; readonly crc32: string }[]> => sideBySide(keys, AT_ONCE, signal, async (key) => {
      const facts = await factsOf(into, key);
      return { key, bytes: facts?.bytes ?? -1, crc32: facts?.crc32 ?? "" };
    });
    for await (const { key } of listObjects(into, "")) {
      keys.push(key);
      if (keys.length < 1000) continue;
      yield* await asked();
      keys = [];
    }
    yield* await asked();
  },
});
