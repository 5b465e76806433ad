import { describe, expect, it } from "vitest";
import { exportsPassThrough } from "../../policies/exports-pass-through.ts";
import { rules } from "../../policies/rules.ts";
import { judge, type Stack, UNKNOWN } from "../support/policy.ts";
import { broken, part, validStack, without } from "./valid-stack.ts";

interface Statements {
  readonly Statement: Record<string, unknown>[];
}

const statements = (stack: Stack): Record<string, unknown>[] => (part(stack, "exports-policy").props["policy"] as Statements).Statement;
const lifecycle = (stack: Stack): Record<string, unknown> => (part(stack, "exports-lifecycle").props["rules"] as Record<string, unknown>[])[0] ?? {};
const lettingIn = (principal: unknown) => (stack: Stack): void => void statements(stack).push({ Effect: "Allow", Principal: principal, Action: ["s3:GetObject"], Resource: [UNKNOWN] });

describe("exports-pass-through", () => {
  it.each<[string, string, (stack: Stack) => void]>([
    ["a door that is open", "Expected blockPublicPolicy of exports-bucket to be true", (stack) => { part(stack, "exports-access").props["blockPublicPolicy"] = false; }],
    ["plain http", "Expected the policy of exports-bucket to deny s3:* to everyone where aws:SecureTransport is false", (stack) => { statements(stack).splice(0, 1); }],
    ["another account", "got arn:aws:iam::444455556666:root. Remove that statement.", lettingIn({ AWS: "arn:aws:iam::444455556666:root" })],
    ["everybody", "to let in the service that exports and nobody else, got *.", lettingIn("*")],
    ["another service", "got logging.s3.amazonaws.com.", lettingIn({ Service: ["eu-central-1.elasticache-snapshot.amazonaws.com", "logging.s3.amazonaws.com"] })],
    ["no encryption", "Expected exports-bucket to be encrypted, got a rule that says nothing.", (stack) => { part(stack, "exports-encryption").props["rules"] = [{}]; }],
    ["exports that stay a week", "Expected the lifecycle of exports-bucket to expire every object after 1 day", (stack) => { lifecycle(stack)["expiration"] = { days: 7 }; }],
    ["exports of one name that go", "to expire every object after 1 day", (stack) => { lifecycle(stack)["filter"] = { prefix: "campus-" }; }],
    ["older versions that stay", "to expire noncurrent versions after 1 day", (stack) => { delete lifecycle(stack)["noncurrentVersionExpiration"]; }],
    ["uploads that nobody ends", "to abort unfinished uploads after 1 day", (stack) => { delete lifecycle(stack)["abortIncompleteMultipartUpload"]; }],
    ["a lifecycle that is off", "to expire every object after 1 day", (stack) => { lifecycle(stack)["status"] = "Disabled"; }],
  ])("refuses %s", async (_, message, change) => {
    const { messages, about } = await judge(exportsPassThrough, broken(change));
    expect(messages).toContainEqual(expect.stringContaining(message));
    expect(new Set(about)).toEqual(new Set(["exports-bucket"]));
  });

  it.each([["exports-access", "a public access block"], ["exports-policy", "a bucket policy"], ["exports-encryption", "an encryption configuration"]])("misses %s", async (gone, what) => {
    expect((await judge(exportsPassThrough, without(validStack(), gone))).messages).toContainEqual(expect.stringContaining(`Expected ${what} for exports-bucket, found none.`));
  });

  it("is not content with a stack whose planned bucket it cannot find", async () => {
    expect((await judge(exportsPassThrough, without(validStack(), "exports", "exports-bucket"))).messages).toEqual([expect.stringContaining("Expected a bucket for exports for upkeep:databases, found none")]);
  });

  it("is alone in judging that bucket: it is no store, and no rule of stores takes it for one", async () => {
    const stores = rules.filter(({ name }) => name.startsWith("store-"));
    expect(stores.length).toBeGreaterThan(5);
    const verdicts = await Promise.all(stores.map((rule) => judge(rule, broken((stack) => { part(stack, "exports-lifecycle").props["rules"] = []; }))));
    expect(verdicts.flatMap(({ messages }) => messages)).toEqual([]);
  });
});
