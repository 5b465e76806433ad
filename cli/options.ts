import type { Page } from "../preview/render/terminal/page.ts";

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

/** What a command takes from the world around it. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: Date;
  readonly page: Page;
  /** Errors show where they happened, and how long each part took. */
  readonly debug: boolean;
}

/** What a command has to say on each stream, and how it ended. */
export interface Answer {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}
