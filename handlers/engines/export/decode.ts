import { type Decode, NotDecodable } from "../decode.ts";
import { LineContents } from "../line-contents.ts";
import { readPackedLines } from "../packed-lines.ts";
import { HASHED_BY, readLine } from "./line.ts";

const EXPORT = "a whole export";

/** Reads an export whole: every row of it, the end of every table, and the checksum of all that was compressed. */
export const decodeExport: Decode = async (dump, signal) => {
  const contents = new LineContents<string>(HASHED_BY);
  const ended = new Set<string>();
  let begun: string | undefined;
  await readPackedLines(dump, EXPORT, signal, (line, number) => {
    const read = readLine(line, number);
    if (ended.has(read.table)) throw new Error(`line ${number} is of ${read.table}, which has ended before`);
    if (begun !== undefined && begun !== read.table) throw new Error(`line ${number} is of ${read.table}, before ${begun} has ended`);
    if ("row" in read) {
      begun = read.table;
      return contents.add(read.table, line);
    }
    contents.expect(read.table);
    const rows = contents.countOf(read.table);
    if (read.rows !== rows) throw new Error(`${read.table} ends with ${read.rows} rows, it has ${rows}`);
    ended.add(read.table);
    begun = undefined;
  });
  if (begun !== undefined) throw new NotDecodable(`Expected ${EXPORT}, ${begun} has no end.`);
  if (ended.size === 0) throw new NotDecodable(`Expected ${EXPORT}, it has no table.`);
  return contents.contents();
};
