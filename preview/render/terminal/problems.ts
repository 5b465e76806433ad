import type { Problem } from "../../engine/problem.ts";
import { counted, heading, paragraph } from "./lines.ts";
import type { Page } from "./page.ts";
import { showable } from "./source-line.ts";

/** The lines of a file that a problem names; nothing when it cannot be read. */
export type Source = (file: string) => readonly string[] | undefined;

/** Every problem with its place, its path, its sentence, and the line with a caret below the fault. */
export function problems(found: readonly Problem[], source: Source, page: Page): readonly string[] {
  return [
    ...heading(page.paint("bad", counted(found.length, "problem")), "", page),
    ...found.flatMap((problem) => ["", ...one(problem, source, page)]),
  ];
}

function one(problem: Problem, source: Source, page: Page): readonly string[] {
  const { file, line, column, path, message } = problem;
  const place = [file, line, column].filter((part) => part !== undefined).join(":");
  // A file that cannot be used at all is its own path.
  const title = [place === "" ? "" : page.paint("strong", place), path === file ? "" : path].filter((part) => part !== "" && part !== undefined).join("  ");
  return [
    ...(title === "" ? [] : paragraph(title, page, 0, 2)),
    ...message.split("\n").flatMap((sentence) => paragraph(sentence, page)),
    ...excerpt(problem, source, page),
  ];
}

function excerpt({ file, line, column, path }: Problem, source: Source, page: Page): readonly string[] {
  if (file === undefined || line === undefined) return [];
  const lines = source(file) ?? [];
  if ((lines[line - 1] ?? "").trim() === "") return [];
  const gutter = `  ${line} | `;
  const shown = cut(showable(lines, line - 1, path).replaceAll("\t", " "), page.width - gutter.length);
  if (column === undefined || column > shown.length) return [`${page.paint("faint", gutter)}${shown}`];
  return [`${page.paint("faint", gutter)}${shown}`, `${" ".repeat(gutter.length + column - 1)}${page.paint("bad", "^")}`];
}

/** A line of YAML that is longer than the page is not wrapped: the caret would stand below the wrong word. */
const cut = (text: string, space: number): string => (text.length <= space ? text : `${text.slice(0, space - 3)}...`);
