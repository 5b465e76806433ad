import type { CoverageRow } from "./coverage.ts";
import type { Problem } from "./engine/problem.ts";
import type { PreviewedOptions, PreviewedResource } from "./engine/resource.ts";
import { byUrn } from "./engine/urn.ts";
import type { Value } from "./engine/value.ts";
import type { Verdict } from "./policy/verdict.ts";
import type { Preview } from "./preview.ts";

/** What `upkeep preview --json` prints. Values show themselves: `[secret]`, `[unknown]`, `{ "asset": path }`. */
export interface PreviewDocument {
  readonly stack: string;
  /** In the order of their URNs. */
  readonly resources: readonly DocumentResource[];
  readonly coverage: readonly DocumentCoverage[];
  /** What the rules object to, and what they cannot tell in a preview. */
  readonly policies: readonly Verdict[];
  /** How each rule fared: an auditor asks for what passed, too. */
  readonly judged: readonly JudgedPolicy[];
  readonly problems: readonly Problem[];
}

export interface DocumentResource extends Pick<PreviewedResource, "urn" | "type" | "name" | "parent" | "custom" | "external" | "propertyDependencies"> {
  readonly inputs: Readonly<Record<string, Value>>;
  readonly outputs?: Readonly<Record<string, Value>>;
  readonly options: PreviewedOptions & Required<Pick<PreviewedOptions, "protect" | "retainOnDelete" | "dependsOn">>;
}

export interface DocumentCoverage extends Omit<CoverageRow, "notApplicable"> {
  /** The reason. */
  readonly notApplicable?: string;
}

export interface JudgedPolicy {
  readonly policy: string;
  readonly level: Verdict["level"];
  readonly passed: number;
  readonly violated: number;
  readonly cannotTell: number;
  /** The rule itself failed. */
  readonly broken: number;
  /** False: there was nothing for it to judge. */
  readonly applies: boolean;
}

export function documentOf({ stack, resources, coverage, verdicts, problems }: Preview): PreviewDocument {
  return {
    stack,
    resources: resources.toSorted(byUrn).map(documentResource),
    coverage: coverage.map(({ notApplicable, ...row }) => ({ ...row, ...(notApplicable ? { notApplicable: notApplicable.reason } : {}) })),
    policies: verdicts.filter(({ outcome }) => outcome !== "passed" && outcome !== "not-applicable").map(documentVerdict),
    judged: judgedOf(verdicts),
    problems: problems.map(documentProblem),
  };
}

/** Keys in one order, whatever order they were found in: two documents differ only where the stacks do. */
function documentResource({ urn, type, name, parent, custom, external, inputs, options, propertyDependencies, outputs }: PreviewedResource): DocumentResource {
  const { protect = false, retainOnDelete = false, dependsOn = [], ...others } = options;
  return {
    urn, type, name,
    ...(parent === undefined ? {} : { parent }),
    custom,
    ...(external ? { external } : {}),
    inputs,
    options: { protect, retainOnDelete, dependsOn: dependsOn.toSorted(), ...others },
    propertyDependencies,
    ...(outputs ? { outputs } : {}),
  };
}

function documentVerdict({ policy, level, outcome, urn, message }: Verdict): Verdict {
  return { policy, level: outcome === "cannot-tell" ? "advisory" : level, outcome, ...(urn === undefined ? {} : { urn }), message };
}

function documentProblem({ path, file, line, column, urn, message }: Problem): Problem {
  return {
    ...(path === undefined ? {} : { path }),
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
    ...(urn === undefined ? {} : { urn }),
    message,
  };
}

export function judgedOf(verdicts: readonly Verdict[]): readonly JudgedPolicy[] {
  const byPolicy = new Map<string, Verdict[]>();
  for (const verdict of verdicts) {
    const known = byPolicy.get(verdict.policy);
    if (known) known.push(verdict);
    else byPolicy.set(verdict.policy, [verdict]);
  }
  return [...byPolicy].flatMap(([policy, own]) => {
    const [first] = own;
    if (!first) return [];
    const count = (outcome: Verdict["outcome"]): number => own.filter((verdict) => verdict.outcome === outcome).length;
    return [{
      policy,
      level: first.level,
      passed: count("passed"),
      violated: count("violated"),
      cannotTell: count("cannot-tell"),
      broken: count("broken"),
      applies: own.some(({ outcome }) => outcome !== "not-applicable"),
    }];
  });
}
