import { expect, it } from "vitest";
import { chooseStack } from "../../cli/choose-stack.ts";
import { projectOnDisk } from "../support/project-on-disk.ts";

const project = (...stacks: readonly string[]): string =>
  projectOnDisk({ "Pulumi.yaml": "name: campus\nruntime: nodejs\n", ...Object.fromEntries(stacks.map((stack) => [`Pulumi.${stack}.yaml`, "config: {}\n"])) });

it.each([
  { why: "the one that is asked for", asked: "dev", environment: { PULUMI_STACK: "staging" }, stacks: ["prod"], chosen: "dev" },
  { why: "PULUMI_STACK", asked: undefined, environment: { PULUMI_STACK: "staging" }, stacks: ["prod"], chosen: "staging" },
  { why: "prod, when PULUMI_STACK is empty", asked: undefined, environment: { PULUMI_STACK: "" }, stacks: ["dev", "prod"], chosen: "prod" },
  { why: "the only one", asked: undefined, environment: {}, stacks: ["dev"], chosen: "dev" },
])("is $why", ({ asked, environment, stacks, chosen }) => {
  expect(chooseStack(project(...stacks), asked, environment)).toBe(chosen);
});

it("is asked for where several could be meant", () => {
  expect(() => chooseStack(project("dev", "staging"), undefined, {})).toThrow("there are several: dev, staging. Name one: --stack dev.");
});

it("cannot be chosen where there is none", () => {
  expect(() => chooseStack(project(), undefined, {})).toThrow("Expected a stack file beside Pulumi.yaml, found none.");
});
