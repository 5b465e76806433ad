import {
  AssociateRouteTableCommand, CreateRouteCommand, CreateRouteTableCommand, CreateSecurityGroupCommand, CreateSubnetCommand, CreateVpcCommand, type EC2Client,
} from "@aws-sdk/client-ec2";
import { type LambdaClient, PublishLayerVersionCommand } from "@aws-sdk/client-lambda";
import { zipSync } from "fflate";
import { given } from "./provider/kind.ts";
import { smallStack } from "./small-stack.ts";

/** What the system had before it was looked after: a private network, and who guards each database. */
export interface Network {
  readonly vpcId: string;
  readonly subnetId: string;
  readonly securityGroupIds: Readonly<Record<"accounts" | "catalogue", string>>;
}

export async function makeNetwork(ec2: EC2Client): Promise<Network> {
  const vpcId = given((await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }))).Vpc?.VpcId, "the id of a VPC");
  const subnetId = given((await ec2.send(new CreateSubnetCommand({ VpcId: vpcId, CidrBlock: "10.0.1.0/24" }))).Subnet?.SubnetId, "the id of a subnet");
  const RouteTableId = given((await ec2.send(new CreateRouteTableCommand({ VpcId: vpcId }))).RouteTable?.RouteTableId, "the id of a route table");
  await ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId: subnetId }));
  await ec2.send(new CreateRouteCommand({ RouteTableId, DestinationCidrBlock: "0.0.0.0/0", NatGatewayId: "nat-0a1b2c3d4e5f60711" }));
  const guardOf = async (database: string): Promise<string> =>
    given((await ec2.send(new CreateSecurityGroupCommand({ VpcId: vpcId, GroupName: database, Description: "A database" }))).GroupId, "the id of a group");
  return { vpcId, subnetId, securityGroupIds: { accounts: await guardOf("accounts"), catalogue: await guardOf("catalogue") } };
}

/** The layer that the stack file names, with nothing in it: the emulator mounts none. */
export async function publishTools(lambda: LambdaClient): Promise<void> {
  const [LayerName] = smallStack.toolsLayer.split(":").slice(-2);
  await lambda.send(new PublishLayerVersionCommand({ LayerName, Content: { ZipFile: zipSync({}) }, CompatibleArchitectures: ["x86_64"] }));
}
