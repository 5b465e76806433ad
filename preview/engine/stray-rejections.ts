import type { Recording } from "./recording.ts";

/**
 * Makes a rejection that nobody awaits a problem of the run it came from: the SDK reports a property that rejects in no other way.
 * Without it the process would end in the middle of the preview. Returns how to stop.
 */
export function collectStrayRejections(recording: Recording, recordingNow: () => Recording | undefined, onError: (error: unknown) => void): () => void {
  const seen = new Set<unknown>();
  const collect = (reason: unknown): void => {
    const owner = recordingNow();
    if ((owner !== undefined && owner !== recording) || seen.has(reason)) return;
    seen.add(reason);
    onError(reason);
  };
  process.on("unhandledRejection", collect);
  return () => void process.off("unhandledRejection", collect);
}

