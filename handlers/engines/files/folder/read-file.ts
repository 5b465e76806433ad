import { type BigIntStats, constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { below, unlessGone } from "./walk.ts";
import { Unreadable } from "./unreadable.ts";

const CHUNK_BYTES = 256 * 1024;

/** A file, open: whatever happens to its name, this is what is read. */
export interface OpenedFile {
  readonly bytes: number;
  readonly stats: BigIntStats;
  /** As many bytes as it had when it was opened: what is added meanwhile is left for the next backup. Fails where it has fewer. */
  readonly body: () => AsyncGenerator<Uint8Array>;
  /** What somebody did to it since it was opened; nothing where nobody wrote to it. */
  readonly change: () => Promise<"changed" | "grown" | undefined>;
  readonly close: () => Promise<void>;
}

/**
 * Opens a file without following a link and without waiting for whoever writes to a pipe: what a name means may have
 * changed since it was listed. Nothing where it is gone, or no file any more.
 */
export async function openFile(folder: string, name: string, signal: AbortSignal): Promise<OpenedFile | undefined> {
  const handle = await unlessGone(() => opened(below(folder, name)), folder, name);
  if (handle === undefined) return undefined;
  try {
    const stats = await handle.stat({ bigint: true });
    if (stats.isFile()) return fileOf(handle, stats, { folder, name, signal });
    await handle.close();
    return undefined;
  } catch (error) {
    await handle.close();
    throw new Unreadable(folder, name, error);
  }
}

async function opened(path: Buffer): Promise<FileHandle | undefined> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    // It became a link, or a socket, since it was listed.
    if (error instanceof Error && "code" in error && (error.code === "ELOOP" || error.code === "ENXIO")) return undefined;
    throw error;
  }
}

interface Place {
  readonly folder: string;
  readonly name: string;
  readonly signal: AbortSignal;
}

function fileOf(handle: FileHandle, stats: BigIntStats, { folder, name, signal }: Place): OpenedFile {
  const bytes = Number(stats.size);
  return {
    bytes,
    stats,
    body: async function* body() {
      let left = bytes;
      while (left > 0) {
        signal.throwIfAborted();
        const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(Math.min(left, CHUNK_BYTES)), 0, Math.min(left, CHUNK_BYTES), bytes - left)
          .catch((error: unknown) => { throw new Unreadable(folder, name, error); });
        if (bytesRead === 0) throw new Unreadable(folder, name, `it had ${bytes} bytes when it was opened and was cut to ${bytes - left} while it was read`);
        left -= bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
    },
    change: async () => {
      const now = await handle.stat({ bigint: true });
      if (now.size > stats.size) return "grown";
      return now.mtimeNs === stats.mtimeNs && now.size === stats.size ? undefined : "changed";
    },
    close: () => handle.close(),
  };
}
