import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import type { Output } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { Maintenance, type MaintenanceArgs } from "../../components/maintenance.ts";
import { unknown } from "../../preview/engine/value.ts";
import { previewed } from "../support/preview.ts";

const config = { "aws:region": "eu-central-1" };

const system = {
  name: "shop", account: "123456789012", owner: "shop@example.com", timeZone: "UTC", runbooks: "https://runbooks.example.com",
  toolsLayer: "arn:aws:lambda:eu-central-1:123456789012:layer:upkeep-tools:1",
  network: { vpcId: "vpc-0a1b2c3d4e5f60718", privateSubnetIds: ["subnet-0a1b2c3d4e5f60711"], egress: "nat" },
} as const;

const shop = (securityGroupId: string | Output<string>) => ({
  system,
  databases: {
    orders: {
      engine: "postgresql", database: "orders", secret: "shop/orders", sizeGiB: 2, securityGroupId,
      backup: { every: "daily at 03:00", keep: "14 days" },
    },
  },
  channels: { team: { email: "shop@example.com" } },
  routing: {
    P1: { respondWithin: "1 hour", to: ["team"] }, P2: { respondWithin: "4 hours", to: ["team"] }, P3: { respondWithin: "1 day", to: ["team"] },
  },
}) as const satisfies MaintenanceArgs;

describe("Maintenance with typed arguments", () => {
  it("takes the words of a stack file", async () => {
    const { byName } = await previewed(() => new Maintenance("shop", shop("sg-0a1b2c3d4e5f60718")), { config });
    expect(byName("shop-orders", "aws:scheduler/schedule:Schedule").inputs.scheduleExpression).toBe("cron(0 3 * * ? *)");
  });

  it("takes an Output for the id of an existing resource, and keeps its edge", async () => {
    const { byName, byType } = await previewed(() => {
      const group = new SecurityGroup("database", {});
      return new Maintenance("shop", shop(group.id));
    }, { config });
    const [ingress] = byType(SecurityGroupIngressRule);
    expect(ingress?.inputs.securityGroupId).toBe(unknown);
    expect(ingress?.propertyDependencies.securityGroupId).toEqual([byName("database", SecurityGroup).urn]);
  });

  it("refuses what a stack file may not say, and registers nothing", async () => {
    const bad = { ...shop("sg-0a1b2c3d4e5f60718"), files: { uploads: { bucket: "shop-uploads", sizeGiB: 1, backup: { every: "often", keep: "14 days" } } } };
    await expect(previewed(() => new Maintenance("shop", bad), { config })).rejects.toThrow("files.uploads.backup.every");
  });

  it("refuses a practice that is not sound, and registers nothing", async () => {
    const unheard = { ...shop("sg-0a1b2c3d4e5f60718"), channels: {} };
    await expect(previewed(() => new Maintenance("shop", unheard), { config })).rejects.toThrow("Expected the name of a channel");
  });

  it("asks for the region where Pulumi has none", async () => {
    await expect(previewed(() => new Maintenance("shop", shop("sg-0a1b2c3d4e5f60718")))).rejects.toThrow("aws:region");
  });
});
