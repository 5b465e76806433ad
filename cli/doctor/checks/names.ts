import type { Tags } from "../account.ts";
import { asked, type Finding, ok, problem } from "../finding.ts";
import { type NamedThing, type NamedType, namedTypes } from "../named-thing.ts";
import { isOurs, type Subject } from "../subject.ts";

/** A name that another stack or a person has is refused in the middle of an update; an alarm's is overwritten without a word. */
export async function names(subject: Subject): Promise<readonly Finding[]> {
  const types = Object.keys(namedTypes) as NamedType[];
  return (await Promise.all(types.flatMap((type) => {
    const things = subject.namedOf(type);
    const elsewhere = new Set(things.map(({ region }) => region).filter((region) => region !== undefined && region !== subject.plan.region));
    const here = things.filter(({ region }) => !elsewhere.has(region));
    return [
      namesOfOne(type, here, subject, undefined),
      ...[...elsewhere].map((region) => namesOfOne(type, things.filter((thing) => thing.region === region), subject, region)),
    ];
  }))).flat();
}

interface Asked {
  readonly name: string;
  /** Absent: the name is free. */
  readonly tags: Tags | undefined;
}

async function namesOfOne(type: NamedType, things: readonly NamedThing[], subject: Subject, region: string | undefined): Promise<readonly Finding[]> {
  if (things.length === 0) return [];
  const { plan, number } = subject;
  const check = `names of ${namedTypes[type]}${region === undefined ? "" : ` in ${region}`}`;
  const account = region === undefined ? subject.account : subject.accountIn(region);
  return asked(check, async () => {
    const all: Asked[] = [];
    // One after the other: services answer a handful of such questions in a second, and refuse more.
    for (const thing of things) all.push({ name: thing.name, tags: await account.tags(type, thing, number) });
    const free = all.filter(({ tags }) => tags === undefined);
    const taken = all.filter(({ tags }) => tags !== undefined && !isOurs(plan, tags));
    if (taken.length > 0) return problem(check, `taken by others: ${listed(taken)}`, "Remove what has them, or give the system another name.");
    if (free.length === all.length) return ok(check, `${all.length} free`);
    return ok(check, `${all.length - free.length} there, this stack's${free.length === 0 ? "" : `; free: ${listed(free)}`}`);
  });
}

const listed = (things: readonly Asked[]): string => things.map(({ name }) => name).join(", ");
