import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { decoding } from "./decode.ts";

const LINE_END = 0x0a;

/**
 * Reads compressed lines whole, one after the other, without their ends. What is not whole, and what a reader refuses, is
 * `NotDecodable`; a source that breaks off fails with its own error, and a stop with its reason.
 *
 * @param what How such an archive is called in a sentence.
 */
export async function readPackedLines(dump: AsyncIterable<Uint8Array>, what: string, signal: AbortSignal, read: (line: string, number: number) => void): Promise<void> {
  await decoding(dump, signal, (packed) => pipeline(packed, createGunzip(), async (bytes: AsyncIterable<Buffer>) => {
    let number = 0;
    for await (const line of linesOf(bytes)) {
      number += 1;
      read(line, number);
    }
  }, { signal }), (reason) => `Expected ${what}, it cannot be read: ${reason}`);
}

/** A character of several bytes may be cut by a chunk, so lines are cut before they are text. */
export async function* linesOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let begun: Buffer[] = [];
  for await (const chunk of bytes) {
    let from = 0;
    for (let end = chunk.indexOf(LINE_END); end >= 0; end = chunk.indexOf(LINE_END, from)) {
      begun.push(chunk.subarray(from, end));
      yield Buffer.concat(begun).toString("utf8");
      begun = [];
      from = end + 1;
    }
    if (from < chunk.length) begun.push(chunk.subarray(from));
  }
  if (begun.length > 0) throw new Error("its last line has no end");
}
