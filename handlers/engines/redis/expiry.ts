import type { Contents } from "../../../practice/contract/manifest.ts";
import type { Purpose } from "../restore.ts";
import { addHashes } from "./key-hashes.ts";
import { SCRATCH_KEY } from "./scratch.ts";
import { SnapshotInspector } from "./snapshot-inspector.ts";
import type { SnapshotKey } from "./snapshot-walk.ts";

/** What becomes of keys that expire, so that a copy can be held against its source days later. */
export interface Expiry {
  /** When a key is to expire in the target. */
  readonly ofKey: (key: SnapshotKey) => number | "never" | "gone";
  /** Passes a snapshot on while it is loaded. */
  readonly watch: (snapshot: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;
  /** A key of the target as its source had it; undefined for one that is not counted there. */
  readonly asCounted: (key: SnapshotKey) => SnapshotKey | undefined;
  /** What was counted in the target, with what is known of the keys that were not. */
  readonly complete: (counted: Contents) => Contents;
}

/** A hundred years, in milliseconds. */
const PUT_OFF_MILLISECONDS = 100 * 365.25 * 24 * 3600 * 1000;

/** A day, in milliseconds: longer than any recovery from the first key to the last comparison. */
const MAY_GO_MILLISECONDS = 24 * 3600 * 1000;

export const expiryFor = (purpose: Purpose): Expiry => (purpose === "scratch" ? putOff() : asItWas());

/** In a scratch database nothing expires: every key is put off by the same time, and told without it. */
const putOff = (): Expiry => ({
  ofKey: ({ expiresAt }) => (expiresAt === undefined ? "never" : expiresAt + PUT_OFF_MILLISECONDS),
  watch: (snapshot) => snapshot,
  asCounted: (key) => {
    if (key.database === 0 && key.name.toString() === SCRATCH_KEY) return undefined;
    return key.expiresAt === undefined ? key : { ...key, expiresAt: key.expiresAt - PUT_OFF_MILLISECONDS };
  },
  complete: (counted) => counted,
});

/** In a recovered database keys expire when they should, and those that have are left out. All that goes within a day is counted from the snapshot. */
function asItWas(): Expiry {
  const now = Date.now();
  const mayGo = ({ expiresAt }: SnapshotKey): boolean => expiresAt !== undefined && expiresAt <= now + MAY_GO_MILLISECONDS;
  let gone: Partial<Contents> = {};
  return {
    ofKey: ({ expiresAt }) => (expiresAt === undefined ? "never" : expiresAt <= now ? "gone" : expiresAt),
    watch: async function* watch(snapshot) {
      const inspector = new SnapshotInspector({ asCounted: (key) => (mayGo(key) ? key : undefined), libraries: false });
      for await (const chunk of snapshot) {
        inspector.write(chunk);
        yield chunk;
      }
      gone = inspector.end();
    },
    asCounted: (key) => (mayGo(key) ? undefined : key),
    complete: ({ counts, hashes, ...rest }) => ({
      ...rest,
      counts: added(counts, gone.counts ?? {}),
      ...(hashes === undefined ? {} : { hashes: addHashes(hashes, gone.hashes ?? {}) }),
    }),
  };
}

function added(counts: Readonly<Record<string, number>>, more: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const names = [...new Set([...Object.keys(counts), ...Object.keys(more)])].toSorted();
  return Object.fromEntries(names.map((name) => [name, (counts[name] ?? 0) + (more[name] ?? 0)]));
}
