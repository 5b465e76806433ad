import { withoutSecrets } from "./secrets.ts";

/** What an attempt that must fail says to people, or that it did not fail. A password in it fails the test. */
export const failure = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(() => "it ended well", (error: unknown) => withoutSecrets("an error", (error as Error).message));
