import type { NetworkById } from "../../../practice/config/settings.ts";
import type { NetworkEntry } from "../../../practice/plan/entries.ts";
import { only } from "../../../preview/render/terminal/of-kind.ts";
import { asked, type Finding, ok, problem, unknown } from "../finding.ts";
import { isKnown, type Subject } from "../subject.ts";

const later = "Run this again after `pulumi up`.";

/** What the stack file names of a network exists, belongs together, and leads out. */
export async function network(subject: Subject): Promise<readonly Finding[]> {
  const [entry] = only(subject.plan.entries, "network");
  if (entry === undefined) return [];
  if (entry.network.kind === "stack") {
    return [unknown("network", `it is another stack's (${entry.network.stackReference})`, "Look at that stack; Pulumi reads its outputs at the update.")];
  }
  const { vpcId } = entry.network;
  if (!isKnown(vpcId)) return [unknown("network", "the VPC is known only after an update", later)];
  const found = await asked("VPC", () => vpcOf(vpcId, entry.network as NetworkById, subject));
  // In a VPC that does not exist, everything else would be said to be in another one.
  if (found.some(({ state }) => state !== "ok")) return found;
  return [...found, ...(await Promise.all(partsOf(entry, entry.network, vpcId, subject))).flat()];
}

async function vpcOf(id: string, { cidr }: NetworkById, { account, plan }: Subject): Promise<Finding> {
  const found = await account.vpc(id);
  if (found === undefined) return problem("VPC", `there is no ${id} in ${plan.region}`, "Mend upkeep:system.network.vpcId, or aws:region.");
  return cidr === undefined || cidr === found.cidr
    ? ok("VPC", `${id}, ${found.cidr}`)
    : problem("VPC", `${id} has the addresses ${found.cidr}, the stack file says ${cidr}`, "Mend upkeep:system.network.cidr: the endpoints would answer others.");
}

type Parts = readonly Promise<readonly Finding[]>[];

function partsOf({ paths }: NetworkEntry, byId: NetworkById, vpcId: string, { account }: Subject): Parts {
  const within = (what: string, id: string, vpcOfIt: (id: string) => Promise<string | undefined>, path: string) => asked(what, async () => {
    const vpc = await vpcOfIt(id);
    if (vpc === undefined) return problem(what, `there is no ${id}`, `Mend ${path}.`);
    return vpc === vpcId ? ok(what, id) : problem(what, `${id} is in ${vpc}, not in ${vpcId}`, `Name one of ${vpcId} in ${path}.`);
  });
  const groups = paths.flatMap((path) => (path.kind === "security-group" && isKnown(path.securityGroupId) ? [{ id: path.securityGroupId, of: path.sources.join(", ") }] : []));
  const subnets = byId.privateSubnetIds.filter(isKnown);
  return [
    ...subnets.map((id) => within("subnet", id, account.subnetVpc, "upkeep:system.network.privateSubnetIds")),
    ...groups.map(({ id, of }) => within(`security group of ${of}`, id, account.securityGroupVpc, `securityGroupId of ${of}`)),
    ...byId.routeTableIds.filter(isKnown).map((id) => within("route table", id, account.routeTableVpc, "upkeep:system.network.routeTableIds")),
    ...(byId.egress === "nat" ? subnets.map((id) => asked("way out", () => wayOutOf(id, vpcId, account))) : []),
  ];
}

async function wayOutOf(subnet: string, vpcId: string, account: Subject["account"]): Promise<Finding> {
  const check = "way out";
  const target = await account.defaultRoute(subnet, vpcId);
  if (target === undefined) return problem(check, `${subnet} has no default route`, "Give its route table one to a NAT gateway, or write `egress: endpoints`.");
  return target.startsWith("igw-")
    ? problem(check, `${subnet} leads to ${target}, where a function has no address of its own`, "Name private subnets, whose default route goes to a NAT gateway.")
    : ok(check, `${subnet} through ${target}`);
}
