import type { Contents } from "../../../practice/contract/manifest.ts";
import { NotDecodable } from "../decode.ts";
import { archiveBytes } from "./archive-bytes.ts";
import { type ArchiveContents, ArchiveInspector, type InspectorOptions } from "./archive-inspector.ts";

/** Reads a stored dump whole, without a server: structure, checksums and hashes of every namespace. */
export async function decodeMongodb(dump: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<Partial<Contents>> {
  const inspected = inspectedArchive(dump, {});
  for await (const chunk of inspected.body) {
    void chunk;
    signal.throwIfAborted();
  }
  const { counts, hashes, hashedBy } = inspected.contents();
  return { counts, ...(hashes === undefined || hashedBy === undefined ? {} : { hashes, hashedBy }) };
}

/** The archive in a stored dump, read while it passes by. `NotDecodable` where it is none that is whole. */
export function inspectedArchive(dump: AsyncIterable<Uint8Array>, options: InspectorOptions): { readonly body: AsyncIterable<Uint8Array>; readonly contents: () => ArchiveContents } {
  const inspector = new ArchiveInspector(options);
  let contents: ArchiveContents | undefined;
  async function* body(): AsyncGenerator<Uint8Array> {
    for await (const chunk of archiveBytes(dump)) {
      orNotDecodable(() => inspector.write(chunk));
      yield chunk;
    }
    contents = orNotDecodable(() => inspector.end());
  }
  return {
    body: body(),
    contents: () => {
      if (contents === undefined) throw new Error("Expected the archive to be read to its end before its contents are asked for.");
      return contents;
    },
  };
}

function orNotDecodable<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw new NotDecodable(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
