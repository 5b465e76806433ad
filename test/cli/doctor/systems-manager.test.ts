import { EC2Client, RunInstancesCommand } from "@aws-sdk/client-ec2";
import { AddRoleToInstanceProfileCommand, CreateInstanceProfileCommand, CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { ACCOUNT, type AskedEmulator, startAskedEmulator } from "../../support/asked-emulator.ts";
import { describeWithParts } from "../../support/parts.ts";
import { startTaughtService, type TaughtService } from "../../support/taught-service.ts";

const name = "campus-test-disk-backup";
const instanceId = "mi-0a1b2c3d4e5f60718";
const machine = { action: "DescribeInstanceInformation", asked: { Filters: [{ Key: "InstanceIds", Values: [instanceId] }] } } as const;
const node = { InstanceId: instanceId, PingStatus: "Online", PlatformType: "Linux", IamRole: "service-role/campus-web" };
const associations = { action: "ListAssociations", asked: { AssociationFilterList: [{ key: "AssociationName", value: name }] } } as const;
const association = {
  AssociationId: "0c1d2e3f", AssociationName: name, Name: name, Targets: [{ Key: "InstanceIds", Values: [instanceId] }],
  Overview: { Status: "Failed" }, LastExecutionDate: 1_764_244_800,
};

describeWithParts("the doctor's questions to Systems Manager and ECS that the emulator has not", ["s3"], () => {
  let emulator: AskedEmulator;
  let systems: TaughtService;
  beforeAll(async () => {
    [emulator, systems] = await Promise.all([startAskedEmulator(), startTaughtService()]);
    for (const service of ["SSM", "ECS"]) vi.stubEnv(`AWS_ENDPOINT_URL_${service}`, systems.endpoint);
  });
  afterAll(async () => {
    await systems.stop();
    await emulator.stop();
  });
  const account = () => emulator.accountIn("eu-central-1");

  it("a machine that was activated by hand, with the role that Systems Manager knows", async () => {
    systems.teach([{ ...machine, answer: { body: { InstanceInformationList: [node] } } }]);
    await expect(account().managedNode(instanceId)).resolves.toEqual({ ping: "Online", platform: "Linux", role: "campus-web" });
  });

  it.each([
    ["an empty list", { body: { InstanceInformationList: [] } }],
    ["an error", { error: "InvalidInstanceId" }],
  ])("a machine that nobody registered, of which it says so by %s", async (_, answer) => {
    systems.teach([{ ...machine, answer }]);
    await expect(account().managedNode(instanceId)).resolves.toBeUndefined();
  });

  it("a machine of EC2, with the role that its profile has", async () => {
    const iam = new IAMClient(emulator.settings);
    const { InstanceProfile } = await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: "web-profile" }));
    await iam.send(new CreateRoleCommand({ RoleName: "campus-web", AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [] }) }));
    await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: "web-profile", RoleName: "campus-web" }));
    const ec2 = new EC2Client(emulator.settings);
    const run = async (profile?: string): Promise<string> => {
      const { Instances: [started] = [] } = await ec2.send(new RunInstancesCommand({
        ImageId: "ami-0a1b2c3d", InstanceType: "t3.micro", MinCount: 1, MaxCount: 1, ...(profile === undefined ? {} : { IamInstanceProfile: { Arn: profile } }),
      }));
      return started?.InstanceId ?? "";
    };
    const [withRole, without] = [await run(InstanceProfile?.Arn), await run()];
    systems.teach([withRole, without].map((id) => ({
      action: machine.action, asked: { Filters: [{ Key: "InstanceIds", Values: [id] }] },
      answer: { body: { InstanceInformationList: [{ InstanceId: id, PingStatus: "ConnectionLost", PlatformType: "Linux" }] } },
    })));
    await expect(account().managedNode(withRole)).resolves.toEqual({ ping: "ConnectionLost", platform: "Linux", role: "campus-web" });
    await expect(account().managedNode(without)).resolves.toEqual({ ping: "ConnectionLost", platform: "Linux" });
    await expect(account().roleExists("campus-web")).resolves.toBe(true);
    await expect(account().roleExists("nobody")).resolves.toBe(false);
  });

  it("an association of the stack's document, on every page, and when it ran", async () => {
    systems.teach([
      { ...associations, answer: { body: { Associations: [{ ...association, AssociationId: "of-others", Name: "AWS-RunShellScript" }], NextToken: "more" } } },
      { ...associations, asked: { ...associations.asked, NextToken: "more" }, answer: { body: { Associations: [association] } } },
    ]);
    await expect(account().association(name)).resolves.toEqual({ id: "0c1d2e3f", instanceIds: [instanceId], status: "Failed", ranAt: new Date("2025-11-27T12:00:00Z") });
    systems.teach([{ ...associations, answer: { body: { Associations: [{ ...association, Overview: { Status: "Pending" }, LastExecutionDate: undefined }] } } }]);
    await expect(account().association(name)).resolves.toEqual({ id: "0c1d2e3f", instanceIds: [instanceId], status: "Pending" });
    systems.teach([{ ...associations, answer: { body: { Associations: [] } } }]);
    await expect(account().association(name)).resolves.toBeUndefined();
  });

  it("whose a document is, and that there is none", async () => {
    const document = { action: "DescribeDocument", asked: { Name: name } } as const;
    const ask = () => account().tags("aws:ssm/document:Document", { name }, ACCOUNT);
    systems.teach([{ ...document, answer: { body: { Document: { Name: name, Tags: [{ Key: "upkeep:system", Value: "campus" }] } } } }]);
    await expect(ask()).resolves.toEqual({ "upkeep:system": "campus" });
    systems.teach([{ ...document, answer: { error: "InvalidDocument" } }]);
    await expect(ask()).resolves.toBeUndefined();
    systems.teach([{ ...document, answer: { error: "AccessDeniedException" } }]);
    await expect(ask()).rejects.toThrow("AccessDeniedException");
  });

  it("a cluster that was deleted, which AWS tells of for a while: nothing runs in it, and its name is free", async () => {
    const cluster = { clusters: [{ clusterName: "campus-test-tasks", status: "INACTIVE" }] };
    systems.teach([
      { action: "DescribeClusters", asked: { clusters: ["campus-test-tasks"] }, answer: { body: cluster } },
      { action: "DescribeClusters", asked: { clusters: ["campus-test-tasks"], include: ["TAGS"] }, answer: { body: cluster } },
    ]);
    await expect(account().clusterState("campus-test-tasks")).resolves.toBe("INACTIVE");
    await expect(account().tags("aws:ecs/cluster:Cluster", { name: "campus-test-tasks" }, ACCOUNT)).resolves.toBeUndefined();
  });
});
