import { isDeferred } from "./deferred.ts";
import { derivedSources } from "./derived-sources.ts";
import { explain, keyMeant, unknownKey } from "./explain.ts";
import { nameProblems } from "./names.ts";
import { mapping } from "./mapping.ts";
import { missingNeeds } from "./needs.ts";
import { nowhere, sentence, StackFileError, type KnownProblem, type Locate, type Problem } from "./problems.ts";
import { region as regionForm } from "./schema/forms.ts";
import { sections, type Sections } from "./schema/index.ts";
import { readOnce } from "./schema/leaf.ts";
import { findSecrets } from "./secrets.ts";
import type { Settings } from "./settings.ts";
import { written } from "./show.ts";
import { nearestOf } from "./words/nearest.ts";
import { isZone } from "../contract/clock/zone.ts";

export interface ParseOptions {
  readonly stack: string;
  /** `aws:region` of the stack. */
  readonly region: unknown;
  /** Finds the places of problems. Default: nowhere. */
  readonly locate?: Locate;
  /** What paths begin with. Default: `upkeep:`, as in a stack file; empty for typed arguments. */
  readonly prefix?: string;
  /** Decides which schedules can still fire. Default: the present. */
  readonly now?: Date;
  /** Problems that the reader of the values met already: they are told with the rest, and instead of what follows from them. */
  readonly known?: readonly KnownProblem[];
}

/** Everything under `upkeep:`, parsed once, or one error that holds every problem with its place. */
export function parseSettings(values: Readonly<Record<string, unknown>>, options: ParseOptions): Settings {
  const { stack, region, locate = nowhere, prefix = "upkeep:", now = new Date(), known = [] } = options;
  const said = mapping(present(values));
  const { parsed, problems, meant } = parseSections(said, prefix, now);
  const named = (section: string): readonly string[] => Object.keys(mapping(said[section]));
  const settings = settingsOf(parsed, stack, String(region));

  // A misspelt key is one problem, not also a missing one.
  const absent = [...meant, ...known.flatMap((problem) => problem.meant ?? [])];
  const met: readonly Problem[] = [...known.map(({ meant: _, ...problem }) => problem), ...secretProblems(said, prefix).filter(({ path }) => !known.some((problem) => within(path, problem.path)))];
  const others = [
    ...regionProblems(region),
    ...problems,
    ...nameProblems(
      { hosts: named("hosts"), databases: named("databases"), files: named("files"), repositories: named("repositories"), endpoints: named("endpoints"), channels: named("channels") },
      { prefix, stack, system: parsed.system?.name },
      derivedSources(said, prefix),
    ),
    ...missingNeeds(said, regionProblems(region).length === 0 ? String(region) : undefined, prefix),
  ].filter(({ path }) => !met.some((problem) => within(path, problem.path)) && !absent.some((key) => within(path, key)));

  const all = [...met, ...others].map((problem) => ({ ...locate(problem.path), ...problem }));
  if (all.length > 0 || settings === undefined) throw new StackFileError(inFileOrder(all));
  return settings;
}

/** Sections that have no meaning of their own where nobody wrote them. */
const mayBeAbsent: ReadonlySet<string> = new Set<keyof Sections>(["weekly", "configuration", "quietHours", "datadog"]);

type Parsed = { readonly [Name in keyof Sections]?: Sections[Name]["_zod"]["output"] };

function parseSections(said: Readonly<Record<string, unknown>>, prefix: string, now: Date) {
  const zone = mapping(said.system).timeZone;
  const schemas = sections({ timeZone: typeof zone === "string" && isZone(zone) ? zone : "UTC", now });
  const known = Object.keys(schemas);
  const unknown = Object.keys(said).filter((key) => !known.includes(key));
  const problems: Problem[] = unknown.map((key) => ({ path: written([`${prefix}${key}`]), message: unknownKey(key, { known, noun: "a key" }) }));

  const meant = new Set(unknown.map((key) => nearestOf(key, known)).filter((near) => near !== undefined && !(near in said)).map((near) => `${prefix}${near ?? ""}`));
  const parsed = Object.fromEntries(Object.entries(schemas).flatMap(([name, schema]) => {
    if (!(name in said) && mayBeAbsent.has(name)) return [];
    const result = schema.safeParse(said[name], readOnce);
    if (result.success) return [[name, result.data]];
    for (const issue of result.error.issues) {
      const near = keyMeant(issue, `${prefix}${name}`, said[name]);
      if (near !== undefined) meant.add(near);
    }
    problems.push(...result.error.issues.map((issue) => explain(issue, `${prefix}${name}`)));
    return [];
  })) as Parsed;
  return { parsed, problems, meant: [...meant] };
}

function settingsOf(parsed: Parsed, stack: string, region: string): Settings | undefined {
  const { system, store, hosts, databases, files, repositories, endpoints, alerts, channels, routing, weekly, configuration, quietHours, datadog, notApplicable } = parsed;
  if (!system || !store || !hosts || !databases || !files || !repositories || !endpoints || !alerts || !channels || !routing || !notApplicable) return undefined;
  return {
    stack, region, system, store, hosts, databases, files, repositories, endpoints, alerts, channels, routing, notApplicable,
    ...(weekly === undefined ? {} : { weekly }),
    ...(configuration === undefined ? {} : { configuration }),
    ...(quietHours === undefined ? {} : { quietHours }),
    ...(datadog === undefined ? {} : { datadog }),
  };
}

/** Every secret that stands under `upkeep:`, by its kind. */
export const secretProblems = (said: Readonly<Record<string, unknown>>, prefix: string): readonly Problem[] =>
  Object.entries(said).flatMap(([name, value]) => findSecrets(value).map(({ path, kind, wayOut }) => ({
    path: written([`${prefix}${name}`, ...path]),
    // Without the namespace they are the arguments of a program.
    message: prefix === "" ? sentence("no secret in the arguments", kind, wayOut.replace("this file", "the program")) : sentence("no secret in a stack file", kind, wayOut),
  })));

function regionProblems(region: unknown): readonly Problem[] {
  const result = regionForm.safeParse(region);
  return result.success ? [] : result.error.issues.map((issue) => explain(issue, "aws:region"));
}

const within = (path: string, outer: string): boolean =>
  path === outer || path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`);

/** Programs pass `undefined` for what they leave out. An Output is handed on as it is. */
function present(value: unknown): unknown {
  if (typeof value !== "object" || value === null || isDeferred(value)) return value;
  if (Array.isArray(value)) return value.map(present);
  return Object.fromEntries(Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, present(item)]])));
}

/** As a person meets them from top to bottom; what has no place comes first. */
const inFileOrder = (problems: readonly Problem[]): readonly Problem[] =>
  problems.toSorted((left, right) =>
    (left.file ?? "").localeCompare(right.file ?? "") || (left.line ?? 0) - (right.line ?? 0) || (left.column ?? 0) - (right.column ?? 0));
