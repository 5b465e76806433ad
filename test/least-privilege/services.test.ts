import { beforeAll, describe, expect, it } from "vitest";
import { type Authority, authorityOf } from "../support/iam/authority.ts";
import { ACCOUNT, declareStack, type DeclaredStack } from "../support/iam/declared-stack.ts";
import { impliedCalls } from "../support/iam/implied.ts";
import { fromHere, type ImpliedCalls } from "../support/iam/implied-call.ts";
import { type PolicyDocument, permissionsIn, without } from "../support/iam/policy-document.ts";

const ROLE = "aws:iam/role:Role";

describe("what AWS's services do by themselves is allowed, and no more", () => {
  let stack: DeclaredStack;
  let authority: Authority;
  let implied: readonly ImpliedCalls[];
  beforeAll(async () => {
    stack = await declareStack();
    authority = authorityOf(stack);
    implied = impliedCalls(stack);
  });

  const refused = async ({ role, service, needs, context }: ImpliedCalls, policy?: PolicyDocument): Promise<readonly string[]> => {
    const principal = role === undefined ? service : stack.arnOf(ROLE, role);
    const answers = await Promise.all(needs.map(([action, resource, own]) => authority.answer({ principal, action, resource, context: { ...context, ...own } }, policy)));
    return needs.filter((_, index) => answers[index] === "denied").map(([action, resource]) => `${action} on ${resource}`);
  };
  const policyOf = ({ role }: ImpliedCalls): PolicyDocument | undefined => (role === undefined ? undefined : stack.rolePolicy(role));
  const forAll = async <Found>(find: (calls: ImpliedCalls) => Promise<readonly Found[]>): Promise<readonly (readonly [string, readonly Found[]])[]> =>
    Promise.all(implied.map(async (calls) => [calls.who, await find(calls)] as const));
  const nothing = () => implied.map(({ who }) => [who, []]);

  it("each may do what it has to", async () => {
    expect(await forAll((calls) => refused(calls, policyOf(calls)))).toEqual(nothing());
  });

  it("each role of a service holds nothing that the service does not need", async () => {
    const ofServices = implied.filter(({ runsOurs }) => runsOurs !== true);
    expect(ofServices.length).toBeGreaterThan(6);
    for (const calls of ofServices) {
      const policy = policyOf(calls);
      if (policy === undefined) continue;
      const spare = (await Promise.all(permissionsIn(policy).map(async (permission) =>
        ((await refused(calls, without(policy, permission))).length === 0 ? [permission] : [])))).flat();
      const idle = Object.keys(calls.idle ?? {});
      expect([calls.who, spare.filter(({ action }) => !idle.includes(action))]).toEqual([calls.who, []]);
      expect([calls.who, idle.filter((action) => !spare.some((permission) => permission.action === action))]).toEqual([calls.who, []]);
    }
  }, 120_000);

  it("each role that the stack declares is in the table", () => {
    const roles = stack.resources.filter(({ type }) => type === ROLE).map(({ name }) => name);
    expect(implied.flatMap(({ role }) => role ?? []).toSorted()).toEqual(roles.toSorted());
  });

  const assume = (role: string, principal: string, context: Readonly<Record<string, string>>): Promise<string> =>
    authority.answer({ principal, action: "sts:AssumeRole", resource: stack.arnOf(ROLE, role), context });

  it("only the service that it is for takes a role", async () => {
    const services = [...new Set(implied.map(({ service }) => service))];
    for (const { role, service } of implied) {
      if (role === undefined) continue;
      const answers = await Promise.all(services.map(async (other) => [other, await assume(role, other, fromHere)] as const));
      expect([role, answers.filter(([, answer]) => answer === "allowed")]).toEqual([role, [[service, "allowed"]]]);
    }
  });

  it.each(["campus-accounts-schedule", "campus-accounts-workflow"])("another account cannot make a service take %s", async (role) => {
    const service = role.endsWith("workflow") ? "states.amazonaws.com" : "scheduler.amazonaws.com";
    await expect(assume(role, service, { "aws:SourceAccount": "999999999999" })).resolves.toBe("denied");
    await expect(assume(role, service, { "aws:SourceAccount": ACCOUNT })).resolves.toBe("allowed");
  });

  it("another account's alarm, and another service, publish nothing", async () => {
    const publish = (principal: string, from: string): Promise<string> => authority.answer({
      principal, action: "sns:Publish", resource: stack.arnOf("aws:sns/topic:Topic", "campus-routing-p0"), context: { "aws:SourceAccount": from },
    });
    await expect(publish("cloudwatch.amazonaws.com", ACCOUNT)).resolves.toBe("allowed");
    await expect(publish("cloudwatch.amazonaws.com", "999999999999")).resolves.toBe("denied");
    await expect(publish("events.amazonaws.com", ACCOUNT)).resolves.toBe("denied");
  });
});
