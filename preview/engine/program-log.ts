import type { Recording } from "./recording.ts";
import type { Log, Sdk } from "./sdk.ts";

const redirected = new WeakSet<Log>();

/** Keeps what a program logs through `pulumi.log`, which would otherwise go to standard output, the document's place. */
export function keepLog({ pulumi }: Sdk, recordingNow: () => Recording | undefined): void {
  const { log } = pulumi;
  if (redirected.has(log)) return;
  redirected.add(log);
  const keep = (name: keyof Log, into: (recording: Recording, message: string) => void): void => {
    const original = log[name];
    log[name] = (message, ...rest) => {
      const recording = recordingNow();
      if (!recording) return original(message, ...rest);
      into(recording, message);
      return Promise.resolve();
    };
  };
  keep("info", () => {});
  keep("warn", (recording, message) => recording.warnings.push(message));
  // The engine fails an update in which an error was logged.
  keep("error", (recording, message) => recording.problems.push({ message }));
}
