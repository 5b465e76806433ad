import { coloured, type Page, plain } from "../../preview/render/terminal/page.ts";

/** What a pipe gets. */
export const plainPage: Page = { width: 80, paint: plain };

export const colouredPage: Page = { width: 80, paint: coloured };

/** Lines as they are read: one text, no space at the end of a line. */
export function read(lines: readonly string[]): string {
  const trailing = lines.find((line) => /\s$/.test(line));
  if (trailing !== undefined) throw new Error(`Expected no line to end in a space, got ${JSON.stringify(trailing)}.`);
  return lines.join("\n");
}
