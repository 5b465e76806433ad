import type { Content } from "../practice/contract/content.ts";
import type { Page } from "../preview/render/terminal/page.ts";
import type { Live } from "./live.ts";

/** What every command takes. */
export interface StackOptions {
  readonly stack?: string;
  readonly json: boolean;
  /** What applies has to be carried or answered, there have to be rules, and every rule has to tell. */
  readonly strict: boolean;
  /** Folder of the project. */
  readonly cwd: string;
}

export interface PreviewOptions extends StackOptions {
  /** Each resource on a line of its own. */
  readonly resources: boolean;
}

/** What the commands about backups take. */
export interface RecoveryOptions {
  readonly json: boolean;
  /** A folder, or `s3://bucket`. */
  readonly store?: string;
  readonly system?: string;
  readonly source?: string;
  readonly stack?: string;
}

export interface BackupOptions extends RecoveryOptions {
  readonly url?: string;
  /** In place of a url: a folder of this machine. */
  readonly path?: string;
  readonly passwordFile?: string;
  /** Whether counts and hashes are taken of what is dumped. */
  readonly content: Content;
  /** Words for the longest wait for a deployed backup. */
  readonly wait: string;
  readonly cwd: string;
}

export interface VerifyOptions extends RecoveryOptions {
  readonly store: string;
  readonly level: string;
}

export interface BackupsOptions extends RecoveryOptions {
  readonly store: string;
}

export interface EvidenceOptions extends RecoveryOptions {
  readonly store: string;
  readonly csv: boolean;
}

export interface RestoreOptions extends RecoveryOptions {
  readonly store: string;
  /** `latest`, the name of a run, or a time. */
  readonly at: string;
  readonly into: string;
  readonly passwordFile?: string;
  /** A question to the restored database. */
  readonly ask?: string;
  readonly recover: boolean;
  /** Of a recovery: the database that is recovered, for the fresh backup before it. */
  readonly url?: string;
  readonly urlPasswordFile?: string;
  /** Of a recovery: the database is gone, there is nothing to back up. */
  readonly productionIsGone: boolean;
  readonly systemName?: string;
}

/** What a command takes from the world around it. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: Date;
  readonly page: Page;
  readonly live: Live;
  /** Errors show where they happened, and how long each part took. */
  readonly debug: boolean;
}

/** What a command has to say on each stream, and how it ended. */
export interface Answer {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}
