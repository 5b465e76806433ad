import { columns, counted, paragraph, type Row } from "../../preview/render/terminal/lines.ts";
import type { Page, Tone } from "../../preview/render/terminal/page.ts";
import type { Finding, State } from "./finding.ts";

const tones: Readonly<Record<State, Tone>> = { ok: "good", problem: "bad", unknown: "doubtful" };

const count = (findings: readonly Finding[], state: State): number => findings.filter((finding) => finding.state === state).length;

/** One table: what was checked, how it stands, what was found, and below it the way out. */
export function doctorPage(stack: string, findings: readonly Finding[], page: Page): readonly string[] {
  const rows = findings.flatMap(({ check, state, found, wayOut }): readonly Row[] => [
    [page.paint(tones[state], state), check, found],
    ...(wayOut === undefined ? [] : [{ between: paragraph(`-> ${wayOut}`, page, 11, 3) }]),
  ]);
  const [problems, unknowns] = [count(findings, "problem"), count(findings, "unknown")];
  return [
    `${page.paint("strong", "Doctor")}  stack ${stack}: ${counted(findings.length, "check")}, ${counted(problems, "problem")}, ${unknowns} unknown`,
    ...columns(rows, page),
  ];
}
