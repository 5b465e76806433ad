import stringWidth from "string-width";
import wrapAnsi from "wrap-ansi";
import { backupEngines } from "../../practice/contract/manifest.ts";
import type { FaultRow, NotSeen } from "./fault-matrix.ts";

/** With two blanks between them they fill 80 columns. */
const WIDTHS: Readonly<Record<Exclude<keyof FaultRow, "engine">, number>> = {
  fault: 18, happened: 20, exit: 6, evidence: 9, alarm: 9, left: 8,
};
const columns = Object.keys(WIDTHS) as readonly (keyof typeof WIDTHS)[];
const GAP = "  ";
const LINE = 80;

/** The well-known first, and every one: a row of an engine that is not here would be seen by nobody. */
const engines: readonly FaultRow["engine"][] = [...new Set(["postgresql", "mongodb", "redis", "files", ...backupEngines, "store"] as const)];

/** The fault matrix as lines: one block for each engine, then what nothing here could show. */
export function faultTable(rows: readonly FaultRow[], notSeen: readonly NotSeen[]): readonly string[] {
  const blocks = engines.flatMap((engine) => {
    const own = rows.filter((row) => row.engine === engine);
    if (own.length === 0) return [];
    return ["", `faults: ${engine}`, ...lineOf((column) => column), ...lineOf((column) => "-".repeat(WIDTHS[column])), ...own.flatMap((row) => lineOf((column) => row[column]))];
  });
  const unseen = notSeen.flatMap(({ engine, what, why }) => wrapped(`${engine}: ${what}: ${why}`, LINE - 2).map((line, index) => `${index === 0 ? "- " : "  "}${line}`));
  return [...blocks, ...(unseen.length === 0 ? [] : ["", "faults that were not seen", ...unseen])];
}

/** One row, over as many lines as its longest cell takes. */
function lineOf(cellOf: (column: keyof typeof WIDTHS) => string): readonly string[] {
  const cells = columns.map((column) => ({ width: WIDTHS[column], lines: wrapped(cellOf(column), WIDTHS[column]) }));
  const height = Math.max(...cells.map(({ lines }) => lines.length));
  return Array.from({ length: height }, (_, index) => cells
    .map(({ width, lines }) => padded(lines[index] ?? "", width))
    .join(GAP)
    .trimEnd());
}

const wrapped = (text: string, width: number): readonly string[] => wrapAnsi(text, width, { hard: true, trim: true }).split("\n");

const padded = (text: string, width: number): string => text + " ".repeat(Math.max(0, width - stringWidth(text)));
