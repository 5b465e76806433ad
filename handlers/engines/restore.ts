import type { BackupManifest, Contents, ServerIdentity } from "../../practice/contract/manifest.ts";

/** What a target is for. A scratch database is thrown away; a recovered one lies beside production until people switch to it. */
export type Purpose = "scratch" | "recovery";

/** A database to restore into, reached and not yet written to. */
export interface RestoreTarget {
  /** As people call it, without a password. */
  readonly name: string;
  /**
   * Throws `NotATarget` unless the target has proved that it may be written: it is empty, it is not the database that
   * was backed up, and a scratch one is marked as such and not on the server of its source. Writes nothing.
   */
  readonly prove: (purpose: Purpose, source: RestoreSource) => Promise<void>;
  /** Reads a dump, as it lies in the store, into the target. Fails unless all of it arrived, whatever the program says of itself. */
  readonly load: (dump: AsyncIterable<Uint8Array>) => Promise<void>;
  /** What is in the target now, measured as a backup measures its source. */
  readonly contents: () => Promise<Contents>;
  /** The answer to a question in the engine's own language: SQL, or a command. */
  readonly ask: (question: string) => Promise<string>;
  /** Ends what still runs and removes what was written for it; the target stays. May be called more than once. */
  readonly close: () => Promise<void>;
}

/** Whose copy is restored. */
export interface RestoreSource {
  readonly database: string;
  readonly server?: ServerIdentity;
  /** What the target's server needs before the dump is read. */
  readonly extensions?: Readonly<Record<string, string>>;
  readonly roles?: readonly string[];
}

/** What a target has to know of a backup before it takes it. */
export const restoreSourceOf = ({ database, server, extensions, roles }: BackupManifest): RestoreSource => ({
  database,
  ...(server === undefined ? {} : { server }),
  ...(extensions === undefined ? {} : { extensions }),
  ...(roles === undefined ? {} : { roles }),
});

/** Reaches a target. What it started is ended when it throws. */
export type OpenTarget = (signal: AbortSignal) => Promise<RestoreTarget>;

/** A database that must not be restored into, with every reason. */
export class NotATarget extends Error {
  override readonly name = "NotATarget";
}
