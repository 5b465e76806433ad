import {
  DescribeRouteTablesCommand, DescribeSecurityGroupsCommand, DescribeSubnetsCommand, DescribeVpcAttributeCommand, DescribeVpcEndpointsCommand,
  DescribeVpcsCommand, EC2Client, type RouteTable,
} from "@aws-sdk/client-ec2";
import type { Account } from "./account.ts";
import { type ClientSettings, everyPage, orAbsent, tagsIn } from "./aws-answers.ts";
import { within } from "./within.ts";

type Network = Pick<Account, "vpc" | "resolvesNames" | "endpoints" | "subnetVpc" | "securityGroupVpc" | "routeTableVpc" | "defaultRoute">;

const EVERYWHERE = "0.0.0.0/0";

/** Where the account's network is asked. */
export function awsNetwork(settings: ClientSettings): Network {
  const ec2 = new EC2Client(settings);
  const tables = async (name: string, value: string): Promise<readonly RouteTable[]> =>
    (await within((abortSignal) => ec2.send(new DescribeRouteTablesCommand({ Filters: [{ Name: name, Values: [value] }] }), { abortSignal }))).RouteTables ?? [];

  return {
    vpc: async (id) => {
      const found = await orAbsent(within((abortSignal) => ec2.send(new DescribeVpcsCommand({ VpcIds: [id] }), { abortSignal })));
      const [vpc] = found?.Vpcs ?? [];
      return vpc && { cidr: vpc.CidrBlock ?? "" };
    },
    resolvesNames: async (VpcId) => {
      const ask = (Attribute: "enableDnsSupport" | "enableDnsHostnames") =>
        within((abortSignal) => ec2.send(new DescribeVpcAttributeCommand({ VpcId, Attribute }), { abortSignal }));
      const [support, hostnames] = await Promise.all([ask("enableDnsSupport"), ask("enableDnsHostnames")]);
      return support.EnableDnsSupport?.Value === true && hostnames.EnableDnsHostnames?.Value === true;
    },
    endpoints: async (vpcId) => {
      const found = await everyPage(async (NextToken) => {
        const page = await within((abortSignal) => ec2.send(new DescribeVpcEndpointsCommand({ Filters: [{ Name: "vpc-id", Values: [vpcId] }], NextToken }), { abortSignal }));
        return { items: page.VpcEndpoints, next: page.NextToken };
      });
      // What is being deleted still has its name for a while: it would be in the way just the same.
      return found.filter(({ VpcId }) => VpcId === vpcId).map(({ VpcEndpointId = "", ServiceName = "", VpcEndpointType = "", PrivateDnsEnabled, RouteTableIds = [], Tags }) => ({
        id: VpcEndpointId, service: ServiceName, kind: VpcEndpointType, privateNames: PrivateDnsEnabled !== false, routeTableIds: RouteTableIds, tags: tagsIn(Tags),
      }));
    },
    subnetVpc: async (id) =>
      (await orAbsent(within((abortSignal) => ec2.send(new DescribeSubnetsCommand({ SubnetIds: [id] }), { abortSignal }))))?.Subnets?.[0]?.VpcId,
    securityGroupVpc: async (id) =>
      (await orAbsent(within((abortSignal) => ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [id] }), { abortSignal }))))?.SecurityGroups?.[0]?.VpcId,
    routeTableVpc: async (id) =>
      (await orAbsent(within((abortSignal) => ec2.send(new DescribeRouteTablesCommand({ RouteTableIds: [id] }), { abortSignal }))))?.RouteTables?.[0]?.VpcId,
    defaultRoute: async (subnetId, vpcId) => {
      // A subnet without a table of its own has the VPC's main one.
      const own = await tables("association.subnet-id", subnetId);
      const used = own.length > 0 ? own : (await tables("vpc-id", vpcId)).filter(({ Associations }) => Associations?.some(({ Main }) => Main));
      const route = used.flatMap(({ Routes }) => Routes ?? []).find(({ DestinationCidrBlock }) => DestinationCidrBlock === EVERYWHERE);
      return route && (route.NatGatewayId ?? route.TransitGatewayId ?? route.NetworkInterfaceId ?? route.GatewayId ?? route.VpcPeeringConnectionId);
    },
  };
}
