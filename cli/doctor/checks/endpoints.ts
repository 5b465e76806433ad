import { only } from "../../../preview/render/terminal/of-kind.ts";
import type { NetworkById } from "../../../practice/config/settings.ts";
import type { FoundEndpoint } from "../account.ts";
import { asked, type Finding, ok, problem } from "../finding.ts";
import { isKnown, isOurs, type Subject } from "../subject.ts";

/** Two endpoints of one service cannot share a network's names or a route table: AWS refuses the second. */
export async function endpoints(subject: Subject): Promise<readonly Finding[]> {
  const [entry] = only(subject.plan.entries, "network");
  const network = entry?.network;
  if (entry === undefined || network?.kind !== "ids" || network.egress !== "endpoints" || !isKnown(network.vpcId)) return [];
  const { vpcId } = network;
  const { account, plan } = subject;
  return asked("endpoints", async () => {
    // Where there is no such VPC, the network's own check says so.
    if (await account.vpc(vpcId) === undefined) return [];
    const found = (await account.endpoints(vpcId)).map((endpoint) => ({ ...endpoint, ours: isOurs(plan, endpoint.tags) }));
    const of = (service: string): readonly Seen[] => found.filter((one) => one.service === `com.amazonaws.${plan.region}.${service}`);
    return [
      ...(entry.interfaceEndpoints.length > 0 ? [await names(vpcId, subject)] : []),
      ...entry.interfaceEndpoints.map((service) => interfaceTo(service, of(service))),
      ...(entry.gatewayEndpoint ? [gateway(network, of("s3"))] : []),
      ...network.existing.map((service) => existing(service, of(service), vpcId)),
    ];
  });
}

type Seen = FoundEndpoint & { readonly ours: boolean };

/** Without both settings AWS refuses an endpoint with private names. */
async function names(vpcId: string, { account }: Subject): Promise<Finding> {
  return await account.resolvesNames(vpcId) ? ok("DNS of the VPC", "resolves names, gives names")
    : problem("DNS of the VPC", `${vpcId} has DNS support or DNS host names switched off`, "Switch both on: endpoints answer under the services' own names.");
}

function interfaceTo(service: string, found: readonly Seen[]): Finding {
  const check = `endpoint for ${service}`;
  const inTheWay = found.find(({ ours, kind, privateNames }) => !ours && kind === "Interface" && privateNames);
  if (inTheWay !== undefined) return problem(check, `the network has ${inTheWay.id} already, under the service's name`, wayOutOf(service));
  return ok(check, stateOf(found));
}

function gateway({ routeTableIds }: NetworkById, found: readonly Seen[]): Finding {
  const check = "endpoint for s3";
  const wanted = routeTableIds.filter(isKnown);
  for (const { id, ours, kind, routeTableIds: has } of found) {
    const shared = ours || kind !== "Gateway" ? undefined : wanted.find((table) => has.includes(table));
    if (shared !== undefined) return problem(check, `${shared} leads to S3 through ${id} already`, wayOutOf("s3"));
  }
  return ok(check, stateOf(found));
}

const stateOf = (found: readonly Seen[]): string => {
  const own = found.find(({ ours }) => ours);
  return own === undefined ? "nothing in its way" : `${own.id}, this stack's`;
};

const wayOutOf = (service: string): string => `Write \`existing: [${service}]\` under upkeep:system.network: then the functions use that one.`;

/** Said to be there: without it a function would wait for an answer until its time is over. */
const existing = (service: string, [found]: readonly Seen[], vpcId: string): Finding => {
  const check = `endpoint for ${service}`;
  return found === undefined
    ? problem(check, `${vpcId} has none, the stack file says that it exists`, `Take ${service} out of upkeep:system.network.existing: then the stack makes it.`)
    : ok(check, `${found.id}, the network's own`);
};
