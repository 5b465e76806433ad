import { DescribeInstancesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { GetInstanceProfileCommand, GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { DescribeInstanceInformationCommand, ListAssociationsCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { Account } from "./account.ts";
import { type ClientSettings, everyPage, orAbsent } from "./aws-answers.ts";
import { within } from "./within.ts";

/** A role or a profile may lie on a path; its name is what comes last. */
const lastPart = (path: string | undefined): string | undefined => path?.split("/").at(-1);

/** Where the account is asked about machines that back themselves up. */
export function awsHosts(settings: ClientSettings): Pick<Account, "roleExists" | "managedNode" | "association"> {
  const ec2 = new EC2Client(settings);
  const iam = new IAMClient(settings);
  const ssm = new SSMClient(settings);

  /** Of a machine of EC2, which has its role through a profile. */
  const roleOf = async (instanceId: string): Promise<string | undefined> => {
    const { Reservations: [reservation] = [] } = await within((abortSignal) => ec2.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }), { abortSignal }));
    const profile = lastPart(reservation?.Instances?.[0]?.IamInstanceProfile?.Arn);
    if (profile === undefined) return undefined;
    const found = await orAbsent(within((abortSignal) => iam.send(new GetInstanceProfileCommand({ InstanceProfileName: profile }), { abortSignal })));
    return found?.InstanceProfile?.Roles?.[0]?.RoleName;
  };

  return {
    roleExists: async (RoleName) =>
      (await orAbsent(within((abortSignal) => iam.send(new GetRoleCommand({ RoleName }), { abortSignal })))) !== undefined,
    managedNode: async (instanceId) => {
      const found = await orAbsent(within((abortSignal) => ssm.send(
        new DescribeInstanceInformationCommand({ Filters: [{ Key: "InstanceIds", Values: [instanceId] }] }), { abortSignal },
      )));
      const node = found?.InstanceInformationList?.find(({ InstanceId }) => InstanceId === instanceId);
      if (node === undefined) return undefined;
      // Systems Manager knows the role of a machine that was activated by hand only.
      const role = instanceId.startsWith("mi-") ? lastPart(node.IamRole) : await roleOf(instanceId);
      return { ping: node.PingStatus ?? "", platform: node.PlatformType ?? "", ...(role === undefined ? {} : { role }) };
    },
    association: async (name) => {
      const found = await everyPage(async (NextToken) => {
        const page = await within((abortSignal) => ssm.send(
          new ListAssociationsCommand({ AssociationFilterList: [{ key: "AssociationName", value: name }], NextToken }), { abortSignal },
        ));
        return { items: page.Associations, next: page.NextToken };
      });
      // Two may have one name; the document is one.
      const own = found.find(({ AssociationName, Name }) => AssociationName === name && Name === name);
      return own && {
        id: own.AssociationId ?? "",
        instanceIds: (own.Targets ?? []).flatMap(({ Key, Values = [] }) => (Key === "InstanceIds" ? Values : [])),
        status: own.Overview?.Status ?? "",
        ...(own.LastExecutionDate === undefined ? {} : { ranAt: own.LastExecutionDate }),
      };
    },
  };
}
