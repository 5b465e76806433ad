import type { Outcome, Verdict } from "../../policy/verdict.ts";
import { groupedBy } from "./family.ts";
import { counted, heading, paragraph } from "./lines.ts";
import type { Page, Tone } from "./page.ts";

/** A rule is what the worst of its verdicts says. */
const worstFirst = ["broken", "violated", "cannot-tell", "passed", "not-applicable"] as const satisfies readonly Outcome[];

const said: { readonly [O in Outcome]: { readonly words: string; readonly tone: Tone } } = {
  broken: { words: "failed itself", tone: "bad" },
  violated: { words: "violated", tone: "bad" },
  "cannot-tell": { words: "cannot tell", tone: "doubtful" },
  passed: { words: "passed", tone: "good" },
  "not-applicable": { words: "with nothing to judge", tone: "faint" },
};

/** What is said where no rule spoke: an own checkout is compiled by its build, and a package brings its rules compiled. */
export const unjudged = "no rules were found: npm run build";

/** How the rules judge: those that pass as a number, the others by name with each resource and sentence. */
export function verdicts(all: readonly Verdict[], page: Page): readonly string[] {
  const rules = [...groupedBy(all, ({ policy }) => policy)].map(([policy, own]) => ruleOf(policy, own));
  if (rules.length === 0) return heading("Policies", page.paint("doubtful", `none: ${unjudged}`), page);

  const gist = worstFirst.flatMap((outcome) => {
    const count = rules.filter((rule) => rule.outcome === outcome).length;
    return count === 0 ? [] : [page.paint(said[outcome].tone, `${count} ${said[outcome].words}`)];
  });
  const telling = worstFirst.flatMap((outcome) => rules.filter((rule) => rule.outcome === outcome && outcome !== "passed" && outcome !== "not-applicable"));
  return [
    ...heading("Policies", `${counted(rules.length, "rule")}: ${gist.join(", ")}`, page),
    ...telling.flatMap((rule) => tell(rule, page)),
  ];
}

interface Rule {
  readonly policy: string;
  readonly outcome: Outcome;
  /** What led to the outcome. */
  readonly verdicts: readonly Verdict[];
}

function ruleOf(policy: string, own: readonly Verdict[]): Rule {
  const outcome = worstFirst.find((candidate) => own.some((verdict) => verdict.outcome === candidate)) ?? "not-applicable";
  return { policy, outcome, verdicts: own.filter((verdict) => verdict.outcome !== "passed" && verdict.outcome !== "not-applicable") };
}

const tell = ({ policy, outcome, verdicts: own }: Rule, page: Page): readonly string[] => [
  ...paragraph(`${page.paint(said[outcome].tone, said[outcome].words)}  ${page.paint("strong", policy)} (${own[0]?.level ?? "advisory"})`, page),
  ...own.flatMap(({ urn, message }) => paragraph(urn === undefined ? message : `${nameOf(urn)}: ${message}`, page, 4, 2)),
];

/** The last part of a URN, which is what the program calls the resource. */
const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf("::") + 2);
