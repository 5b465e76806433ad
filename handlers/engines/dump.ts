import type { InventorySummary } from "../../practice/contract/inventory.ts";
import type { Contents, ServerIdentity } from "../../practice/contract/manifest.ts";

export type { Content } from "../../practice/contract/content.ts";

/** A dump under way, whatever makes it. */
export interface Dump {
  /** Ending of the object's key, without a dot. */
  readonly extension: string;
  /** What is to be stored. Fails at its end unless the dump is whole. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Only true once the body has ended. */
  readonly describe: () => DumpDescription;
  /** Ends what still runs and removes what was written for it. May be called more than once. */
  readonly close: () => Promise<void>;
}

export interface DumpDescription extends Partial<Contents> {
  /** What made it, with its version. */
  readonly tool: string;
  readonly serverVersion: string;
  /** In words: what moment the dump shows. */
  readonly consistency: string;
  readonly server?: ServerIdentity;
  /** Bytes that the source gave, before our compression. */
  readonly dumpBytes: number;
  /** When the run began, where that was before this function did. */
  readonly startedAt?: Date;
  /** Where the dump is a list of copies. */
  readonly inventory?: InventorySummary;
  /** One line that reads the object from where its store says it is: `s3://bucket/key`, or a path. */
  readonly restoreCommand: (address: string) => string;
}

/** Begins a dump. What it started is ended when it throws. */
export type OpenDump = (signal: AbortSignal) => Promise<Dump>;

/** A word as a shell takes it, whatever is in it. */
export const shellWord = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** The start of a pipe: writes a stored object to standard output, wherever its store keeps it. */
export const readObjectCommand = (address: string): string =>
  (address.startsWith("s3://") ? `aws s3 cp ${shellWord(address)} -` : `cat ${shellWord(address)}`);
