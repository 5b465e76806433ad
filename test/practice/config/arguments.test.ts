import { output } from "@pulumi/pulumi";
import { expect, it } from "vitest";
import { parseSettings, type StackArgs } from "../../../practice/config/index.ts";
import { refusal, today } from "./campus.ts";

const options = { stack: "prod", region: "eu-central-1", prefix: "", now: today } as const;

const securityGroupId = output("sg-0a1b2c3d");
const subnetId = output("subnet-0a1b2c3d");

const args: StackArgs = {
  system: {
    name: "campus", account: output("123456789012"), owner: "platform@campus.example", timeZone: "UTC", runbooks: "https://runbooks.campus.example",
    network: { vpcId: output("vpc-0a1b2c3d"), privateSubnetIds: [subnetId], egress: "nat" },
    toolsLayer: output("arn"),
  },
  databases: {
    accounts: { engine: "postgresql", securityGroupId, database: "accounts", secret: output("name"), sizeGiB: 1, backup: { every: "daily at 02:00" } },
  },
};

it("typed arguments may hold Outputs, which are handed through untouched", () => {
  const { system, databases } = parseSettings({ ...args }, options);
  expect(databases.accounts).toHaveProperty("securityGroupId", expect.toSatisfy((value) => value === securityGroupId));
  expect(system.network).toHaveProperty("privateSubnetIds", [expect.toSatisfy((value) => value === subnetId)]);
});

it("typed arguments may leave out with undefined", () => {
  expect(parseSettings({ ...args, store: { secondRegion: undefined }, quietHours: undefined }, options).store).toEqual({});
});

it("an Output stands for an identifier only, and paths are those of the arguments", () => {
  expect(refusal(() => parseSettings({ ...args, system: { ...args.system, owner: output("a@b.example") } }, options))).toBe(
    "1 problem, nothing was changed:\n\nsystem.owner\n  Expected an e-mail address, got an Output. Write it as `platform@campus.example`.");
});
