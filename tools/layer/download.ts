import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** A mirror that does not even answer is left for the next one. */
const ANSWER_LIMIT_SECONDS = 30;
/** 25 MB over a slow line. */
const TRANSFER_LIMIT_SECONDS = 600;

/** Fetches one address into a file. Throws with the address and the reason; what then lies in the file is no download. */
export async function download(url: string, file: string): Promise<void> {
  const abort = new AbortController();
  const late = (seconds: number): NodeJS.Timeout =>
    setTimeout(() => abort.abort(new Error(`no end after ${seconds} s`)), seconds * 1000);
  let timer = late(ANSWER_LIMIT_SECONDS);
  try {
    const answer = await fetch(url, { signal: abort.signal });
    clearTimeout(timer);
    timer = late(TRANSFER_LIMIT_SECONDS);
    if (!answer.ok || answer.body === null) throw new Error(`the answer was ${answer.status}`);
    await pipeline(Readable.fromWeb(answer.body), createWriteStream(file), { signal: abort.signal });
  } catch (error) {
    const { message, cause } = error as Error;
    throw new Error(`${url}: ${abort.signal.aborted ? (abort.signal.reason as Error).message : cause instanceof Error ? cause.message : message}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
