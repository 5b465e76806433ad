import { meaning, noMeaning } from "../words/parsed.ts";
import { endpointServices } from "../settings.ts";
import { isZone } from "../../contract/clock/zone.ts";
import { nearestOf } from "../words/nearest.ts";
import { accountId, addressBlock, email, outputName, routeTableId, stackReference, subnetId, toolsLayer, vpcId, webAddress } from "./forms.ts";
import { fargate } from "./fargate.ts";
import { keys, leaf, listOf, oneOf, shaped, text, trueOrFalse } from "./leaf.ts";

const egress = oneOf(["nat", "endpoints"], "the way out of the subnets");

const subnets = listOf(subnetId, "the ids of private subnets", "[subnet-0a1b2c3d4e5f60718, subnet-0a1b2c3d4e5f60719]");
const routeTables = listOf(routeTableId, "the ids of the subnets' route tables", "[rtb-0a1b2c3d4e5f60718]");

const withNat = keys({ vpcId, privateSubnetIds: subnets, routeTableIds: routeTables.default([]), egress })
  .transform((network) => ({ kind: "ids" as const, existing: [], ...network }));

const service = oneOf(endpointServices, "an AWS service");

/**
 * With endpoints the gateway for S3 is entered into the route tables, and the endpoints answer for the whole network:
 * both are asked for here and not missed at night.
 */
const withEndpoints = keys({
  vpcId, privateSubnetIds: subnets, routeTableIds: routeTables, egress,
  cidr: addressBlock, existing: listOf(service, "the services whose endpoints the network has already", "[s3]").default([]),
})
  .transform((network) => ({ kind: "ids" as const, ...network }));

const byReference = keys({
  stackReference,
  egress,
  outputs: keys({
    vpcId: outputName.default("vpcId"),
    privateSubnetIds: outputName.default("privateSubnetIds"),
    routeTableIds: outputName.default("routeTableIds"),
    cidr: outputName.default("cidr"),
  }).prefault({}),
  existing: listOf(service, "the services whose endpoints the network has already", "[s3]").default([]),
}).transform((network) => ({ kind: "stack" as const, ...network }));

const network = shaped((value) => {
  const said: Readonly<Record<string, unknown>> = typeof value === "object" && value !== null ? { ...value } : {};
  if ("stackReference" in said) return byReference;
  return said.egress === "endpoints" ? withEndpoints : withNat;
});

const timeZone = leaf<string>((value) => {
  if (typeof value === "string" && isZone(value)) return meaning(value);
  const near = typeof value === "string" ? nearestOf(value, Intl.supportedValuesOf("timeZone")) : undefined;
  return noMeaning("a time zone by its IANA name", `write it as \`${near ?? "Europe/Berlin"}\``);
});

export const system = keys({
  name: text(/^(?=.{2,20}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/, "a short name: 2 to 20 lower case letters, digits and single hyphens, a letter first", "campus"),
  account: accountId,
  owner: email,
  timeZone,
  production: trueOrFalse.default(false),
  runbooks: webAddress(["https"], "https://runbooks.campus.example").transform((address) => address.replace(/\/+$/, "")),
  toolsLayer: toolsLayer.exactOptional(),
  network: network.exactOptional(),
  fargate: fargate.exactOptional(),
});
