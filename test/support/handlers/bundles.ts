import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Contents } from "../../../practice/contract/manifest.ts";
import type { DumpDescription } from "../../../handlers/engines/dump.ts";
import { decodeRepository } from "../../../handlers/engines/repository/decode.ts";
import { openRepositoryDump, type RepositorySource } from "../../../handlers/engines/repository/dump.ts";
import { runGit } from "../servers/git.ts";

export interface TakenBundle {
  readonly bytes: Buffer;
  readonly said: DumpDescription;
}

export async function takeBundle(source: RepositorySource, signal = new AbortController().signal): Promise<TakenBundle> {
  const dump = await openRepositoryDump(source, signal);
  try {
    const chunks: Uint8Array[] = [];
    for await (const chunk of dump.body) chunks.push(chunk);
    return { bytes: Buffer.concat(chunks), said: dump.describe() };
  } finally {
    await dump.close();
  }
}

/** Read whole in pieces, as a store gives them. */
export async function decoded(bytes: Uint8Array, piece = 7): Promise<Partial<Contents>> {
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += piece) yield await Promise.resolve(bytes.subarray(at, at + piece));
  }
  return decodeRepository(pieces(), new AbortController().signal);
}

/** Cloned by a git that knows nothing of us, and found sound by it. Gives the clone's folder. */
export function restored(bytes: Uint8Array, folder: string): string {
  const [bundle, clone] = [join(folder, "repository.bundle"), join(folder, "restored.git")];
  writeFileSync(bundle, bytes);
  runGit("clone", "--quiet", "--mirror", bundle, clone);
  const problems = runGit("-C", clone, "fsck", "--strict", "--full");
  if (problems !== "") throw new Error(`Expected git fsck to find nothing, it said ${problems}.`);
  return clone;
}
