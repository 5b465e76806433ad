import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { VpcEndpoint } from "@pulumi/aws/ec2/vpcEndpoint.js";
import { SecurityGroupEgressRule } from "@pulumi/aws/vpc/securityGroupEgressRule.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import { ComponentResource, StackReference, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import type { NetworkSettings } from "../practice/config/settings.ts";
import type { NetworkEntry } from "../practice/plan/entries.ts";
import { scopeName } from "../practice/plan/names.ts";
import { known, type Scope, tagsOf } from "./internal/scope.ts";

export interface HandlerNetworkArgs {
  readonly scope: Scope;
  readonly entry: NetworkEntry;
}

/** The functions' place in the system's network: a security group with no way in, and the ways out that they need. */
export class HandlerNetwork extends ComponentResource {
  static readonly type = "upkeep:network:HandlerNetwork";

  readonly securityGroupId: Output<string>;
  readonly subnetIds: Input<Input<string>[]>;

  constructor(name: string, { scope, entry }: HandlerNetworkArgs, opts?: ComponentResourceOptions) {
    super(HandlerNetwork.type, name, { entry }, opts);
    const child = { parent: this };
    const tags = tagsOf(scope, "network");
    const { vpcId, subnetIds, routeTableIds } = this.locate(entry.network);

    const group = new SecurityGroup(name, {
      name: `${scopeName(scope)}-upkeep`, description: `Maintenance functions of ${scope.system.name} (${scope.stack})`, vpcId, tags,
    }, child);

    new SecurityGroupEgressRule(`${name}-https`, {
      securityGroupId: group.id, description: "AWS services", ipProtocol: "tcp", fromPort: 443, toPort: 443, cidrIpv4: "0.0.0.0/0", tags,
    }, child);

    if (entry.interfaceEndpoints.length > 0) {
      // The endpoints answer whoever has the group, which are the functions.
      new SecurityGroupIngressRule(`${name}-endpoints`, {
        securityGroupId: group.id, description: "Functions to the endpoints of AWS services", ipProtocol: "tcp", fromPort: 443, toPort: 443,
        referencedSecurityGroupId: group.id, tags,
      }, child);
    }
    for (const service of entry.interfaceEndpoints) {
      new VpcEndpoint(`${name}-${service}`, {
        vpcId, serviceName: `com.amazonaws.${entry.region}.${service}`, vpcEndpointType: "Interface", privateDnsEnabled: true,
        subnetIds, securityGroupIds: [group.id], tags,
      }, child);
    }
    if (entry.gatewayEndpoint) {
      new VpcEndpoint(`${name}-s3`, {
        vpcId, serviceName: `com.amazonaws.${entry.region}.s3`, vpcEndpointType: "Gateway", routeTableIds, tags,
      }, child);
    }

    this.securityGroupId = group.id;
    this.subnetIds = subnetIds;
    this.registerOutputs({ securityGroupId: this.securityGroupId });
  }

  private locate(network: NetworkSettings): { vpcId: Input<string>; subnetIds: Input<Input<string>[]>; routeTableIds: Input<Input<string>[]> } {
    switch (network.kind) {
      case "ids":
        return { vpcId: known(network.vpcId), subnetIds: network.privateSubnetIds.map(known), routeTableIds: network.routeTableIds.map(known) };
      case "stack": {
        const other = new StackReference(network.stackReference, {}, { parent: this });
        return {
          vpcId: other.requireOutput(network.outputs.vpcId) as Output<string>,
          subnetIds: other.requireOutput(network.outputs.privateSubnetIds) as Output<string[]>,
          routeTableIds: other.requireOutput(network.outputs.routeTableIds) as Output<string[]>,
        };
      }
    }
  }
}
