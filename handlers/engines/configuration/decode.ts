import * as z from "zod/mini";
import type { Decode } from "../decode.ts";
import { NotDecodable } from "../decode.ts";
import { LineContents } from "../line-contents.ts";
import { readPackedLines } from "../packed-lines.ts";
import { HASHED_BY, type ItemKind, itemKinds } from "./item.ts";

const lineShape = z.strictObject({ kind: z.enum(itemKinds), name: z.string().check(z.minLength(1)), definition: z.json() });

const ARCHIVE = "a whole archive of a configuration";

/** Reads an archive whole: every line of it, and the checksum of all that was compressed. */
export const decodeConfiguration: Decode = async (dump, signal) => {
  const contents = new LineContents<ItemKind>(HASHED_BY);
  let lines = 0;
  await readPackedLines(dump, ARCHIVE, signal, (line, number) => {
    contents.add(readLine(line, number).kind, line);
    lines = number;
  });
  if (lines === 0) throw new NotDecodable(`Expected ${ARCHIVE}, it has no line.`);
  return contents.contents();
};

function readLine(line: string, number: number): z.infer<typeof lineShape> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new Error(`line ${number} is no JSON`, { cause: error });
  }
  const result = lineShape.safeParse(value);
  if (result.success) return result.data;
  throw new Error(`line ${number} is no item with kind, name and definition`);
}
