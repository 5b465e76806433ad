import { mapping } from "./mapping.ts";
import { listed, sentence, type Problem } from "./problems.ts";
import { show } from "./show.ts";

/** The file as it was written. Read before parsing, so that every need is told at once. */
type Raw = Readonly<Record<string, unknown>>;

/** What a first deployment would lack: found out here and not by a function that hangs. */
export const missingNeeds = (values: Raw, region: string | undefined, prefix: string): readonly Problem[] => [
  ...networkNeeded(values, prefix),
  ...(region === undefined ? [] : foreignArns(values, region, prefix)),
];

const backedUpDatabases = (values: Raw): readonly (readonly [string, Raw])[] =>
  Object.entries(mapping(values.databases))
    .map(([name, database]) => [name, mapping(database)] as const)
    .filter(([, { backup }]) => backup !== undefined);

function networkNeeded(values: Raw, prefix: string): readonly Problem[] {
  const inside = backedUpDatabases(values)
    .filter(([, { engine, runsOn, elasticache }]) => runsOn !== "host" && elasticache === undefined && (engine === "mongodb" || engine === "postgresql" || engine === "redis"))
    .map(([name]) => name);
  if (inside.length === 0 || mapping(values.system).network !== undefined) return [];
  return [{
    path: `${prefix}system.network`,
    message: sentence(
      `the network from which ${listed(inside)} can be reached`, "nothing",
      "write `network: { vpcId: ..., privateSubnetIds: [...], egress: nat }` under system, or `egress: endpoints` with routeTableIds where there is no NAT gateway",
    ),
  }];
}

/** Lambda loads layers, and Secrets Manager uses keys, of their own region only. */
function foreignArns(values: Raw, region: string, prefix: string): readonly Problem[] {
  const arns: readonly (readonly [string, unknown])[] = [
    ["system.toolsLayer", mapping(values.system).toolsLayer],
    ...Object.entries(mapping(values.databases)).map(([name, database]) => [`databases.${name}.secretKey`, mapping(database).secretKey] as const),
    ...Object.entries(mapping(values.repositories)).map(([name, repository]) => [`repositories.${name}.secretKey`, mapping(repository).secretKey] as const),
    ...Object.entries(mapping(values.files)).map(([name, source]) => [`files.${name}.key`, mapping(source).key] as const),
  ];
  return arns.flatMap(([path, arn]) => {
    const said = typeof arn === "string" ? /^arn:aws[a-z-]*:(?:lambda|kms):(?<region>[a-z0-9-]+):/.exec(arn)?.groups?.region : undefined;
    return said === undefined || said === region
      ? []
      : [{ path: `${prefix}${path}`, message: sentence(`an ARN of the stack's own region, ${region}`, show(arn), "make one there and write its ARN") }];
  });
}
