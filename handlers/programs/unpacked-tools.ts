import { createWriteStream } from "node:fs";
import { access, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { crc32 } from "node:zlib";
import { type Entry, openPromise, type ZipFile } from "yauzl";
import { makePrivateFolder } from "./private-folder.ts";

/** Programs that were unpacked for one run. */
export interface UnpackedTools {
  /** The folder that they lie in. */
  readonly bin: string;
  readonly remove: () => Promise<void>;
}

/** What Lambda unpacks of a layer at most: the same archive serves both. */
const LIMIT_BYTES = 250 * 1024 * 1024;

const FILE_TYPE = 0o170000;
const REGULAR_FILE = 0o100000;
const ANY_MAY_EXECUTE = 0o111;

/**
 * Unpacks a tools archive into a folder of its own, which only we can look into: programs stay programs, and each file is
 * compared with its checksum. Undefined where there is no such archive. What it unpacked is gone when it throws.
 */
export async function unpackTools(archive: string, signal: AbortSignal): Promise<UnpackedTools | undefined> {
  signal.throwIfAborted();
  if (!await exists(archive)) return undefined;
  const folder = await makePrivateFolder();
  try {
    const zip = await openPromise(archive, { autoClose: false });
    try {
      await unpackInto(folder.path, zip, signal);
    } finally {
      zip.close();
    }
    const bin = join(folder.path, "bin");
    if (!await exists(bin)) throw new Error("it has no folder bin");
    return { bin, remove: folder.remove };
  } catch (error) {
    await folder.remove();
    signal.throwIfAborted();
    const found = error instanceof Error ? error.message : String(error);
    throw new Error(`Expected ${archive} to hold the database programs as their layer does, it does not: ${found}. Build it with \`npm run tools\`, and deploy it again.`, { cause: error });
  }
}

async function unpackInto(folder: string, zip: ZipFile, signal: AbortSignal): Promise<void> {
  let bytes = 0;
  for await (const entry of zip.eachEntry()) {
    // The names are safe: the library refuses those that lead out of the folder.
    if (entry.fileName.endsWith("/")) continue;
    bytes += entry.uncompressedSize;
    if (bytes > LIMIT_BYTES) throw new Error(`it unpacks to more than ${LIMIT_BYTES} bytes`);
    await unpackFile(join(folder, entry.fileName), entry, zip, signal);
  }
}

async function unpackFile(path: string, entry: Entry, zip: ZipFile, signal: AbortSignal): Promise<void> {
  const mode = entry.externalFileAttributes >>> 16;
  if ((mode & FILE_TYPE) !== REGULAR_FILE) throw new Error(`${entry.fileName} is no regular file`);
  await mkdir(dirname(path), { recursive: true });
  let crc = 0;
  const checked = async function* checked(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      crc = crc32(chunk, crc);
      yield chunk;
    }
    if (crc !== entry.crc32) throw new Error(`${entry.fileName} is damaged`);
  };
  const written = createWriteStream(path, { flags: "wx", mode: (mode & ANY_MAY_EXECUTE) === 0 ? 0o600 : 0o700 });
  await pipeline(await zip.openReadStreamPromise(entry), checked, written, { signal });
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}
