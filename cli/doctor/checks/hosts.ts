import { backupName, hostsName } from "../../../practice/contract/names.ts";
import { longestHostRunSeconds } from "../../../practice/plan/hosts.ts";
import type { HostBackupEntry, PlannedHost } from "../../../practice/plan/entries.ts";
import { only } from "../../../preview/render/terminal/of-kind.ts";
import { asked, type Finding, ok, problem, unknown } from "../finding.ts";
import { isKnown, type Subject } from "../subject.ts";

/** Machines that back themselves up: Systems Manager reaches each, and programs on it have the role that the policy goes to. */
export async function hosts(subject: Subject): Promise<readonly Finding[]> {
  const machines = only(subject.plan.entries, "hosts").flatMap((entry) => entry.hosts);
  return (await Promise.all(machines.flatMap((host) => [
    asked(`host ${host.name}`, () => nodeOf(host, subject)),
    asked(`role of ${host.name}`, () => roleOf(host, subject)),
  ]))).flat();
}

async function nodeOf({ name, instanceId, role }: PlannedHost, { account, plan }: Subject): Promise<Finding> {
  const check = `host ${name}`;
  if (!isKnown(instanceId)) return unknown(check, "its id is known only after an update", "Run this again after `pulumi up`.");
  const node = await account.managedNode(instanceId);
  if (node === undefined) {
    return problem(check, `Systems Manager knows no ${instanceId} in ${plan.region}`,
      `Install SSM's agent and give the machine's role AmazonSSMManagedInstanceCore, or mend upkeep:hosts.${name}.instanceId.`);
  }
  if (node.platform !== "Linux") return problem(check, `${instanceId} is ${node.platform}`, `Name a machine with Linux in upkeep:hosts.${name}: others cannot run the backup.`);
  if (node.ping !== "Online") return problem(check, `${instanceId} is ${node.ping}`, "Start the machine and SSM's agent on it, and see that it reaches Systems Manager.");
  if (isKnown(role) && node.role !== role) {
    return problem(check, `${instanceId} has ${node.role === undefined ? "no role" : `the role ${node.role}`}, the stack file says ${role}`,
      `Mend upkeep:hosts.${name}.role, or give the machine that role: the policy of its backups is attached to it.`);
  }
  return ok(check, `${instanceId}, online`);
}

async function roleOf({ name, role }: PlannedHost, { account }: Subject): Promise<readonly Finding[] | Finding> {
  const check = `role of ${name}`;
  if (!isKnown(role)) return [];
  return await account.roleExists(role) ? ok(check, role) : problem(check, `there is no role ${role}`, `Mend upkeep:hosts.${name}.role.`);
}

/** By its association a machine is asked what is due. Seen only once the stack exists. */
export function associations(subject: Subject): readonly Promise<readonly Finding[]>[] {
  return only(subject.plan.entries, "host-backup").map((entry) => asked(`association of ${entry.source}`, () => associationOf(entry, subject)));
}

async function associationOf(entry: HostBackupEntry, { plan, account, now }: Subject): Promise<Finding> {
  const check = `association of ${entry.source}`;
  const name = backupName(plan, entry.source);
  const found = await account.association(name);
  if (found === undefined) return problem(check, `there is no ${name}`, "pulumi refresh, then pulumi up.");

  const instanceId = only(plan.entries, "hosts").flatMap((all) => all.hosts).find((host) => host.name === entry.host)?.instanceId;
  if (isKnown(instanceId) && !found.instanceIds.includes(instanceId)) {
    return problem(check, `${name} asks ${found.instanceIds.join(", ") || "nobody"}, not ${instanceId}`, "pulumi refresh, then pulumi up.");
  }
  const { ranAt } = found;
  if (ranAt === undefined) return unknown(check, `${name} has not run yet`, askAgain(entry, found.id));
  if (found.status === "Failed") return problem(check, `${name} ended as Failed, ${ago(ranAt, now)}`, `${readLog(plan, entry)} Mend that, then: ${askNow(found.id)}`);
  if (now.getTime() - ranAt.getTime() > longestHostRunSeconds(entry) * 1000) {
    return problem(check, `${name} ran last ${ago(ranAt, now)}, and is to run every ${entry.everyMinutes} minutes`, `Is ${entry.host} on? Then: ${askNow(found.id)}`);
  }
  return ok(check, `${name}, ${found.status}, ${ago(ranAt, now)}`);
}

const ago = (moment: Date, now: Date): string => `${((now.getTime() - moment.getTime()) / 3_600_000).toFixed(1)} hours ago`;

const askNow = (id: string): string => `aws ssm start-associations-once --association-ids ${id}`;

const askAgain = ({ everyMinutes }: HostBackupEntry, id: string): string => `Wait ${everyMinutes} minutes, or: ${askNow(id)}`;

/** A host says what it did, and what was wrong, in a stream for each source. */
export const readLog = (plan: Subject["plan"], { source }: HostBackupEntry): string => `Read the stream ${source} of the log group /upkeep/${hostsName(plan)}.`;

/** Nobody starts a run of a host: it makes the one that is due when it is asked. */
export const makesItself = (plan: Subject["plan"], { host, source, everyMinutes }: HostBackupEntry): string =>
  `${host} makes the run that is due when the association ${backupName(plan, source)} asks it, every ${everyMinutes} minutes; in State Manager, *Apply association now* asks at once.`;
