import type { Credentials } from "../../handlers/engines/credentials.ts";
import type { Content } from "../../handlers/engines/dump.ts";

/** What one process of the benchmark does, and nothing else: so that its peak of memory is that of this alone. */
export interface Task {
  readonly what: "backup" | "compressed" | "decode" | "restore";
  readonly engine: "postgresql" | "mongodb";
  readonly credentials: Credentials;
  readonly database: string;
  readonly tools: string;
  /** Folder of the store, or of the peer's file. */
  readonly folder: string;
  readonly content: Content;
  readonly sizeGiB: number;
}

/** Not an argument: it holds a password. */
export const taskVariable = "UPKEEP_BENCH_TASK";
