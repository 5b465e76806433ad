import { drillName, tasksName } from "../../../practice/contract/names.ts";
import { isGoodOutcome } from "../../../practice/contract/evidence.ts";
import type { DrillEntry } from "../../../practice/plan/entries.ts";
import { only } from "../../../preview/render/terminal/of-kind.ts";
import { asked, type Finding, ok, problem, unknown } from "../finding.ts";
import { namesOf, type Subject } from "../subject.ts";

const TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition";

/** What runs too large for a function, and drills, need of ECS. Seen only once the stack exists. */
export function tasks(subject: Subject): readonly Promise<readonly Finding[]>[] {
  if (only(subject.plan.entries, "tasks").length === 0) return [];
  return [asked("cluster", () => cluster(subject)), asked("tasks", () => definitions(subject))];
}

async function cluster({ plan, account }: Subject): Promise<Finding> {
  const name = tasksName(plan);
  const state = await account.clusterState(name);
  return state === "ACTIVE" ? ok("cluster", `${name} is active`)
    : problem("cluster", `${name} is ${state?.toLowerCase() ?? "gone"}: no drill and no large backup can run`, "pulumi refresh, then pulumi up.");
}

async function definitions({ account, namedOf }: Subject): Promise<Finding> {
  const families = namesOf({ namedOf }, TASK_DEFINITION);
  const states = await Promise.all(families.map(async (family) => ({ family, there: await account.hasTaskDefinition(family) })));
  const gone = states.filter(({ there }) => !there).map(({ family }) => family);
  return gone.length > 0 ? problem("tasks", `no active definition: ${gone.join(", ")}`, "pulumi refresh, then pulumi up.") : ok("tasks", `${families.length} are defined`);
}

const DAY_MILLISECONDS = 86_400_000;

/** How the newest restore of each source ended, and whether it is the newest that should be. */
export function drills(subject: Subject, bucket: string | undefined): readonly Promise<readonly Finding[]>[] {
  return only(subject.plan.entries, "drill").map((entry) => asked(`newest drill of ${entry.source}`, () => drillOf(entry, subject, bucket)));
}

async function drillOf({ source, schedule }: DrillEntry, { plan, account, now }: Subject, bucket: string | undefined): Promise<Finding> {
  const check = `newest drill of ${source}`;
  const machine = drillName(plan, source);
  if (bucket === undefined) return unknown(check, "the evidence function names no store", "pulumi refresh, then pulumi up.");
  const newest = await account.newestDrill({ bucket, system: plan.system.name, stack: plan.stack, source });
  if (newest === undefined) {
    return unknown(check, "there is none: whether its backups can be had back is not known",
      `The next is ${schedule.words}; start the state machine ${machine} to know it today.`);
  }
  const age = now.getTime() - newest.startedAt.getTime();
  const found = `${newest.outcome}, ${(age / DAY_MILLISECONDS).toFixed(1)} days old`;
  if (!isGoodOutcome(newest.outcome)) return problem(check, found, `\`upkeep evidence\` says what it found; start the state machine ${machine} again once that is mended.`);
  const limit = only(plan.entries, "alert").find(({ signal }) => signal.kind === "unverified-restore" && signal.source === source)?.threshold;
  return limit !== undefined && age > limit * 1000
    ? problem(check, `${found}, more than ${(limit / 86_400).toFixed(1)}`, `Read the last execution of the state machine ${machine}; the alert's runbook says how.`)
    : ok(check, found);
}
