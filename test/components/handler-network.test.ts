import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { VpcEndpoint } from "@pulumi/aws/ec2/vpcEndpoint.js";
import { SecurityGroupEgressRule } from "@pulumi/aws/vpc/securityGroupEgressRule.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import { ProjectIpAccessList } from "@pulumi/mongodbatlas/projectIpAccessList.js";
import { describe, expect, it } from "vitest";
import { HandlerNetwork } from "../../components/handler-network.ts";
import { scopeOf } from "../../components/internal/scope.ts";
import type { NetworkSettings, Settings } from "../../practice/config/settings.ts";
import { campus, entryOf, planFor } from "../support/campus.ts";
import { fargate } from "../support/fargate.ts";
import { previewed } from "../support/preview.ts";

const networkOf = (parts: Partial<Settings> = {}) => {
  const plan = planFor(parts);
  return previewed(() => new HandlerNetwork("campus-network", { scope: scopeOf(plan), entry: entryOf(plan, "network") }));
};

const closed = (): Partial<Settings> => {
  const { accounts } = campus().databases;
  if (accounts === undefined) throw new Error("Expected a PostgreSQL database.");
  const network: NetworkSettings = {
    kind: "ids", egress: "endpoints", existing: ["s3"], cidr: "10.0.0.0/16", vpcId: "vpc-1", privateSubnetIds: ["subnet-1"], routeTableIds: ["rtb-1"],
  };
  return { databases: { accounts }, system: { ...campus().system, network } };
};

describe("HandlerNetwork", () => {
  it("opens a database's port to the functions and to nobody else", async () => {
    const { byType, byName } = await networkOf();
    const [ingress, ...others] = byType(SecurityGroupIngressRule);
    expect(others).toEqual([]);
    expect(ingress?.inputs).toMatchObject({ securityGroupId: "sg-0a1b2c3d4e5f60718", fromPort: 5432, toPort: 5432, ipProtocol: "tcp" });
    expect(ingress?.inputs.cidrIpv4).toBeUndefined();
    expect(ingress?.propertyDependencies.referencedSecurityGroupId).toEqual([byName("campus-network", SecurityGroup).urn]);
    expect(byName("campus-network-sg-0a1b2c3d4e5f60718-5432", SecurityGroupEgressRule).inputs).toMatchObject({ referencedSecurityGroupId: "sg-0a1b2c3d4e5f60718", fromPort: 5432 });
  });

  it("opens Atlas for the addresses of the NAT gateways, with one way out to it", async () => {
    const { byType, byName } = await networkOf();
    expect(byType(ProjectIpAccessList).map(({ inputs }) => inputs)).toMatchObject([{ projectId: "64f0c0ffee64f0c0ffee64f0", cidrBlock: "203.0.113.7/32" }]);
    expect(byName("campus-network-atlas", SecurityGroupEgressRule).inputs).toMatchObject({ fromPort: 27015, toPort: 27017 });
  });

  it("lets the whole network in to the endpoints whose names it takes over", async () => {
    const { byName, byType } = await networkOf(closed());
    expect(byName("campus-network-endpoints", SecurityGroupIngressRule).inputs).toMatchObject({ cidrIpv4: "10.0.0.0/16", fromPort: 443, toPort: 443 });
    const doors = byName("campus-network-endpoints", SecurityGroup).urn;
    expect(byType(VpcEndpoint)).toHaveLength(4);
    for (const { propertyDependencies } of byType(VpcEndpoint)) expect(propertyDependencies.securityGroupIds).toEqual([doors]);
  });

  it("has endpoints for images only where tasks fetch them", async () => {
    const services = async (parts: Partial<Settings>) => new Set((await networkOf(parts)).byType(VpcEndpoint).map(({ inputs }) => inputs.serviceName));
    const named = (...names: readonly string[]) => new Set(names.map((name) => `com.amazonaws.eu-central-1.${name}`));
    const without = closed();
    expect(await services(without)).toEqual(named("secretsmanager", "kms", "states", "logs"));
    expect(await services({ ...without, system: { ...campus().system, ...without.system, fargate } })).toEqual(named("secretsmanager", "kms", "states", "logs", "ecr.api", "ecr.dkr"));
  });

  it("declares no endpoint that the network has already", async () => {
    const { byType } = await networkOf(closed());
    expect(byType(VpcEndpoint).map(({ inputs }) => inputs.vpcEndpointType)).not.toContain("Gateway");
  });

  it("asks another stack only for what is used", async () => {
    const outputs = { vpcId: "vpcId", privateSubnetIds: "privateSubnetIds", routeTableIds: "routeTableIds", cidr: "cidr" };
    const reference: NetworkSettings = { kind: "stack", egress: "nat", existing: [], stackReference: "acme/network/prod", outputs };
    const plan = planFor({ system: { ...campus().system, network: reference } });
    const fixtures = { stacks: { "acme/network/prod": { vpcId: "vpc-1", privateSubnetIds: ["subnet-1"] } } };
    const { byName } = await previewed(() => new HandlerNetwork("campus-network", { scope: scopeOf(plan), entry: entryOf(plan, "network") }), { fixtures });
    expect(byName("campus-network", SecurityGroup).inputs.vpcId).toBe("vpc-1");
  });
});
