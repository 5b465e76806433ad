import { isBackup } from "../../../practice/plan/backup-kinds.ts";
import type { BackupEntry } from "../../../practice/plan/entries.ts";
import { backupName, functionNames, scopeName } from "../../../practice/contract/names.ts";
import { storeEnvironment } from "../../../practice/contract/environment.ts";
import { only } from "../../../preview/render/terminal/of-kind.ts";
import { asked, type Finding, ok, problem, unknown } from "../finding.ts";
import { isOurs, namesOf, type Subject, topicArn } from "../subject.ts";
import { associations, makesItself, readLog } from "./hosts.ts";
import { stores } from "./store.ts";
import { drills, tasks } from "./tasks.ts";

/** What can be seen only once the stack exists. */
export async function deployed(subject: Subject): Promise<readonly Finding[]> {
  const { plan, account } = subject;
  return asked("deployed", async () => {
    const evidence = await account.lambda(`${scopeName(plan)}-${functionNames.evidence}`);
    if (evidence === undefined || !isOurs(plan, evidence.tags)) {
      return unknown("deployed", "not yet: store, subscriptions, schedules, tasks, associations, backups, drills and alarms were not looked at", "Run this again after `pulumi up`.");
    }
    const bucket = evidence.environment[storeEnvironment.bucket];
    return [
      ok("deployed", "yes"),
      ...(await Promise.all([
        ...stores(subject, evidence.environment), subscriptions(subject), schedules(subject), ...tasks(subject), ...associations(subject),
        ...backups(subject, bucket), ...drills(subject, bucket), alarms(subject),
      ])).flat(),
    ];
  });
}

/** An alarm is sent only to who has said that he wants it. */
async function subscriptions({ plan, account, number, namedOf }: Subject): Promise<readonly Finding[]> {
  const routes = only(plan.entries, "routing").flatMap((entry) => entry.routes);
  return (await Promise.all(routes.map(({ severity, to }) => asked(`${severity} is told`, async () => {
    const check = `${severity} is told`;
    const name = namesOf({ namedOf }, "aws:sns/topic:Topic").find((topicName) => topicName.endsWith(`-${severity}`));
    const subscribed = name === undefined ? undefined : await account.subscriptions(topicArn({ plan, number }, name));
    if (subscribed === undefined) return problem(check, "its topic is gone", "pulumi refresh, then pulumi up.");
    const states = to.map(({ channel, endpoint }) => ({ channel, found: subscribed.find((subscription) => subscription.endpoint === endpoint) }));
    const missing = states.filter(({ found }) => found === undefined).map(({ channel }) => channel);
    const waiting = states.filter(({ found }) => found?.confirmed === false).map(({ channel }) => channel);
    if (missing.length > 0) return problem(check, `not subscribed: ${missing.join(", ")}`, "AWS drops who never confirmed: pulumi refresh, then pulumi up, and confirm.");
    if (waiting.length > 0) return problem(check, `not confirmed: ${waiting.join(", ")}`, "Open the mail from AWS and confirm; an https address has to answer the request.");
    return ok(check, to.map(({ channel }) => channel).join(", "));
  })))).flat();
}

async function schedules({ account, namedOf }: Subject): Promise<readonly Finding[]> {
  const check = "schedules";
  return asked(check, async () => {
    const names = namesOf({ namedOf }, "aws:scheduler/schedule:Schedule");
    const states = await Promise.all(names.map(async (name) => ({ name, state: await account.scheduleState(name) })));
    const off = states.filter(({ state }) => state !== "ENABLED").map(({ name, state }) => `${name} (${state?.toLowerCase() ?? "gone"})`);
    return off.length > 0 ? problem(check, `not running: ${off.join(", ")}`, "pulumi refresh, then pulumi up.") : ok(check, `${names.length} are enabled`);
  });
}

const HOUR_MILLISECONDS = 3_600_000;

function backups({ plan, account, now }: Subject, bucket: string | undefined): readonly Promise<readonly Finding[]>[] {
  const sources = plan.entries.filter(isBackup);
  const limitOf = (source: string): number | undefined =>
    only(plan.entries, "alert").find(({ signal }) => signal.kind === "backup-age" && signal.source === source)?.threshold;
  return sources.map((entry) => asked(`newest backup of ${entry.source}`, async () => {
    const { source } = entry;
    const check = `newest backup of ${source}`;
    if (bucket === undefined) return unknown(check, "the evidence function names no store", "pulumi refresh, then pulumi up.");
    const newest = await account.newestBackup({ bucket, system: plan.system.name, stack: plan.stack, source });
    if (newest === undefined) return problem(check, "there is none", startOf(entry, plan));
    const age = now.getTime() - newest.getTime();
    const found = `${(age / HOUR_MILLISECONDS).toFixed(1)} hours old`;
    const limit = limitOf(source);
    return limit !== undefined && age > limit * 1000
      ? problem(check, `${found}, more than ${limit / 3600}`, `${entry.kind === "host-backup" ? readLog(plan, entry) : "Read the last execution of its state machine."} The alert's runbook says how.`)
      : ok(check, found);
  }));
}

const startOf = (entry: BackupEntry, plan: Subject["plan"]): string => (entry.kind === "host-backup"
  ? makesItself(plan, entry)
  : `Start the state machine ${backupName(plan, entry.source)} once, and read its execution if it fails.`);

async function alarms({ plan, account }: Subject): Promise<readonly Finding[]> {
  const check = "alarms";
  return asked(check, async () => {
    const raised = await account.raisedAlarms(`${scopeName(plan)}-`);
    return raised.length > 0 ? problem(check, `raised: ${raised.join(", ")}`, "Each one's description links to its runbook.") : ok(check, "none is raised");
  });
}
