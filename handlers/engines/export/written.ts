import type { Contents } from "../../../practice/contract/manifest.ts";
import { readObjectCommand, shellWord } from "../dump.ts";
import { LineContents } from "../line-contents.ts";
import { endOf, HASHED_BY, startOf } from "./line.ts";

/** Bytes that are handed on at once: a compressor that is woken for each row sleeps most of its time. */
const CHUNK_BYTES = 64 * 1024;

/** The lines of an export on their way to the compressor, counted and hashed. */
export interface WrittenLines {
  readonly body: AsyncIterable<Uint8Array>;
  /** Of what has passed by. Call it once, at the end. */
  readonly contents: () => Required<Pick<Contents, "counts" | "hashes" | "hashedBy">>;
  readonly bytes: () => number;
}

/** Table after table, each with its end. */
export function writtenLines(tables: readonly string[], linesOf: (index: number) => AsyncIterable<string>): WrittenLines {
  const contents = new LineContents<string>(HASHED_BY);
  let bytes = 0;

  async function* lines(): AsyncGenerator<string> {
    for (const [index, table] of tables.entries()) {
      contents.expect(table);
      for await (const line of linesOf(index)) {
        contents.add(table, line);
        yield line;
      }
      yield endOf(table, contents.countOf(table));
    }
  }
  async function* body(): AsyncGenerator<Uint8Array> {
    let waiting: string[] = [];
    let characters = 0;
    const taken = (): Uint8Array => {
      const chunk = Buffer.from(waiting.join(""));
      bytes += chunk.length;
      [waiting, characters] = [[], 0];
      return chunk;
    };
    for await (const line of lines()) {
      waiting.push(line, "\n");
      characters += line.length + 1;
      if (characters >= CHUNK_BYTES) yield taken();
    }
    if (characters > 0) yield taken();
  }
  return { body: body(), contents: () => contents.contents(), bytes: () => bytes };
}

/** One table of it as plain JSON lines, which every program reads. The start of its lines is always the same, so that sed finds them. */
export const readCommand = (address: string, [first = ""]: readonly string[]): string =>
  `${readObjectCommand(address)} | gunzip | LC_ALL=C sed -n ${shellWord(`s/^${pattern(startOf(first))}\\(.*\\)}$/\\1/p`)} > ${shellWord(`${first}.jsonl`)}`;

/** A text as sed looks for it. */
const pattern = (text: string): string => text.replaceAll(/[.*^$[\]\\/]/g, String.raw`\$&`);
