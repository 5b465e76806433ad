import stringWidth from "string-width";
import wrapAnsi from "wrap-ansi";
import type { Page } from "./page.ts";

/** Cells of a table, or lines that stand between its rows and keep out of its columns. */
export type Row = readonly string[] | { readonly between: readonly string[] };

export interface Layout {
  /** Spaces before each row. Default: 2. */
  readonly indent?: number;
  /** Columns that end at one line, as numbers do. Counted from 0. */
  readonly right?: readonly number[];
  /** The column that is wrapped when the page is too narrow. Default: the last. */
  readonly wraps?: number;
}

const GAP = "  ";

/** Narrower than this, a wrapped column would be one word to a line. */
const NARROWEST = 12;

/** Rows of cells in aligned columns, none of them cut. A cell may be painted, and may hold several lines. */
export function columns(rows: readonly Row[], { width }: Page, layout: Layout = {}): readonly string[] {
  const cells = rows.flatMap((row) => (isCells(row) ? [row] : []));
  const count = Math.max(0, ...cells.map((row) => row.length));
  const { indent = 2, right = [], wraps = count - 1 } = layout;
  const needed = Array.from({ length: count }, (_, column) => Math.max(0, ...cells.map((row) => widthOf(row[column] ?? ""))));
  const others = needed.reduce((sum, space, column) => (column === wraps ? sum : sum + space), indent + GAP.length * (count - 1));
  const widths = needed.map((space, column) => (column === wraps ? Math.min(space, Math.max(NARROWEST, width - others)) : space));

  return rows.flatMap((row) => {
    if (!isCells(row)) return row.between;
    const wrappedCells = widths.map((space, column) => wrapped(row[column] ?? "", space));
    const height = Math.max(...wrappedCells.map((lines) => lines.length));
    return Array.from({ length: height }, (_, line) => {
      const texts = wrappedCells.map((lines, column) => padded(lines[line] ?? "", widths[column] ?? 0, right.includes(column)));
      return `${" ".repeat(indent)}${texts.join(GAP)}`.trimEnd();
    });
  });
}

const isCells = (row: Row): row is readonly string[] => Array.isArray(row);

const widthOf = (text: string): number => Math.max(...text.split("\n").map((line) => stringWidth(line)));

/** Running text, each line after `indent` spaces and the lines after the first after `hanging` more. */
export function paragraph(text: string, { width }: Page, indent = 2, hanging = 0): readonly string[] {
  return wrapped(text, Math.max(NARROWEST, width - indent - hanging))
    .map((line, index) => `${" ".repeat(index === 0 ? indent : indent + hanging)}${line}`);
}

/** The name of a section, and what it comes down to. */
export function heading(name: string, gist: string, page: Page): readonly string[] {
  return paragraph(gist === "" ? page.paint("strong", name) : `${page.paint("strong", name)}${GAP}${gist}`, page, 0, 2);
}

/** A line that fits stays as it is: the spaces before it may show its place in a tree. */
const wrapped = (text: string, space: number): readonly string[] =>
  text.split("\n").flatMap((line) => (stringWidth(line) <= space ? [line] : wrapAnsi(line, space, { hard: true }).split("\n")));

function padded(text: string, space: number, right: boolean): string {
  const blank = " ".repeat(Math.max(0, space - stringWidth(text)));
  return right ? blank + text : text + blank;
}

/** `1 item`, `2 items`. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
