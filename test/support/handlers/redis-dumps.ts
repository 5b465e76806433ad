import { openRedisDump, type RedisSource } from "../../../handlers/engines/redis/dump.ts";
import type { DumpDescription } from "../../../handlers/engines/dump.ts";
import type { RedisAccess } from "../../../handlers/engines/redis/connection.ts";
import { programFolder } from "../parts.ts";
import type { RedisServer } from "../servers/redis.ts";

/** How to get into a test's server. */
export const accessTo = (server: RedisServer, changed: Partial<RedisAccess["credentials"]> = {}): RedisAccess => ({
  credentials: { username: server.user, password: server.password, host: server.host, tls: false, ...changed },
  defaultPort: server.port,
  tools: programFolder("redis"),
});

export interface TakenDump extends DumpDescription {
  /** As it lies in a store. */
  readonly stored: Buffer;
}

export async function takeDump(source: Partial<RedisSource> & RedisAccess): Promise<TakenDump> {
  const dump = await openRedisDump({ database: "0", ...source }, new AbortController().signal);
  try {
    const chunks: Uint8Array[] = [];
    for await (const chunk of dump.body) chunks.push(chunk);
    return { ...dump.describe(), stored: Buffer.concat(chunks) };
  } finally {
    await dump.close();
  }
}

/** Bytes in pieces, as a store hands them out. */
export async function* inPieces(bytes: Uint8Array, pieceBytes = 4096): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield await Promise.resolve(bytes.subarray(at, at + pieceBytes));
}
