import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { VpcEndpoint } from "@pulumi/aws/ec2/vpcEndpoint.js";
import { SecurityGroupEgressRule } from "@pulumi/aws/vpc/securityGroupEgressRule.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import { ComponentResource, StackReference, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import type { NetworkEntry } from "../practice/plan/entries.ts";
import { scopeName } from "../practice/contract/names.ts";
import { openPaths } from "./internal/open-path.ts";
import { known, type Scope, tagsOf } from "./internal/scope.ts";

export interface HandlerNetworkArgs {
  readonly scope: Scope;
  readonly entry: NetworkEntry;
}

/** The functions' place in the system's network: a security group with no way in, and the ways out that they need. */
export class HandlerNetwork extends ComponentResource {
  static readonly type = "upkeep:network:HandlerNetwork";

  readonly securityGroupId: Output<string>;
  /** Of restore drills, from which no database is reached. Absent where the entry has none. */
  readonly drillSecurityGroupId?: Output<string>;
  readonly subnetIds: Input<Input<string>[]>;

  constructor(name: string, { scope, entry }: HandlerNetworkArgs, opts?: ComponentResourceOptions) {
    super(HandlerNetwork.type, name, { entry }, opts);
    const child = { parent: this };
    const tags = tagsOf(scope, "network");
    const { vpcId, subnetIds, routeTableIds, cidr } = this.locate(entry);

    const group = new SecurityGroup(name, {
      name: `${scopeName(scope)}-upkeep`, description: `Maintenance functions of ${scope.system.name} (${scope.stack})`, vpcId, tags,
    }, child);

    const toServices = (ending: string, securityGroupId: Output<string>): void => void new SecurityGroupEgressRule(`${name}-${ending}`, {
      securityGroupId, description: "AWS services", ipProtocol: "tcp", fromPort: 443, toPort: 443, cidrIpv4: "0.0.0.0/0", tags,
    }, child);
    toServices("https", group.id);

    if (entry.drills) {
      // Databases let in the other group alone: whatever a drill were told, it reaches none of them.
      const apart = new SecurityGroup(`${name}-drills`, {
        name: `${scopeName(scope)}-upkeep-drills`, description: `Restore drills of ${scope.system.name} (${scope.stack})`, vpcId, tags,
      }, child);
      toServices("drills", apart.id);
      this.drillSecurityGroupId = apart.id;
    }

    openPaths(name, entry.paths, { scope, from: group.id }, this);

    if (entry.interfaceEndpoints.length > 0) {
      // An endpoint's name stands for the service in the whole network: everyone in it must be let in, not only we.
      const doors = new SecurityGroup(`${name}-endpoints`, {
        name: `${scopeName(scope)}-upkeep-endpoints`, description: "Endpoints of AWS services", vpcId, tags,
      }, child);
      new SecurityGroupIngressRule(`${name}-endpoints`, {
        securityGroupId: doors.id, description: "The network to AWS services", ipProtocol: "tcp", fromPort: 443, toPort: 443, cidrIpv4: cidr, tags,
      }, child);
      for (const service of entry.interfaceEndpoints) {
        new VpcEndpoint(`${name}-${service}`, {
          vpcId, serviceName: `com.amazonaws.${entry.region}.${service}`, vpcEndpointType: "Interface", privateDnsEnabled: true,
          subnetIds, securityGroupIds: [doors.id], tags,
        }, child);
      }
    }
    if (entry.gatewayEndpoint) {
      new VpcEndpoint(`${name}-s3`, {
        vpcId, serviceName: `com.amazonaws.${entry.region}.s3`, vpcEndpointType: "Gateway", routeTableIds, tags,
      }, child);
    }

    this.securityGroupId = group.id;
    this.subnetIds = subnetIds;
    this.registerOutputs({ securityGroupId: this.securityGroupId, drillSecurityGroupId: this.drillSecurityGroupId });
  }

  private locate({ network, interfaceEndpoints, gatewayEndpoint }: NetworkEntry): Located {
    switch (network.kind) {
      case "ids":
        return {
          vpcId: known(network.vpcId), subnetIds: network.privateSubnetIds.map(known), routeTableIds: network.routeTableIds.map(known), cidr: network.cidr ?? "",
        };
      case "stack": {
        const other = new StackReference(network.stackReference, {}, { parent: this });
        const { outputs } = network;
        return {
          vpcId: other.requireOutput(outputs.vpcId) as Output<string>,
          subnetIds: other.requireOutput(outputs.privateSubnetIds) as Output<string[]>,
          // Asked for only where they are used: another stack need not have what nobody reads.
          routeTableIds: gatewayEndpoint ? other.requireOutput(outputs.routeTableIds) as Output<string[]> : [],
          cidr: interfaceEndpoints.length > 0 ? other.requireOutput(outputs.cidr) as Output<string> : "",
        };
      }
    }
  }
}

interface Located {
  readonly vpcId: Input<string>;
  readonly subnetIds: Input<Input<string>[]>;
  readonly routeTableIds: Input<Input<string>[]>;
  /** Empty where no endpoint is declared. */
  readonly cidr: Input<string>;
}
