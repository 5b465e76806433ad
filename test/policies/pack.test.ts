import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { rules } from "../../policies/rules.ts";
import { UNKNOWN } from "../support/policy.ts";
import { type RunningPack, startPack } from "../support/policy-pack.ts";

const folder = fileURLToPath(new URL("../../policies", import.meta.url));
let pack: RunningPack;

beforeAll(async () => {
  if (!existsSync(`${folder}/dist/index.cjs`)) throw new Error("Expected the compiled policy pack in policies/dist, found none. Run npm run build.");
  pack = await startPack(folder);
}, 30_000);

afterAll(() => pack.stop());

it("starts under Pulumi's own runner and lists every rule", async () => {
  expect(await pack.policies()).toEqual(rules.map(({ name }) => name));
});

it("judges a single resource", async () => {
  const role = { type: "aws:iam/rolePolicy:RolePolicy", name: "rights" };
  const open = JSON.stringify({ Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "arn:aws:s3:::campus/*" }] });
  expect(await pack.analyze({ ...role, props: { role: "accounts", policy: open } }))
    .toEqual([{ policy: "no-wildcard-in-roles", level: "mandatory", message: expect.stringContaining("got s3:*.") as string }]);
});

it("turns an unknown value into advice, as Pulumi wants it", async () => {
  const unknown = { type: "aws:iam/rolePolicy:RolePolicy", name: "rights", props: { role: "accounts", policy: UNKNOWN } };
  expect(await pack.analyze(unknown))
    .toEqual([{ policy: "no-wildcard-in-roles", level: "advisory", message: expect.stringContaining("can't be known during preview") as string }]);
});

it("judges a stack", async () => {
  const bare = { type: "aws:s3/bucket:Bucket", name: "backups", props: { tags: { "upkeep:practice": "backup" } } };
  const found = new Set((await pack.analyzeStack([bare])).map(({ policy }) => policy));
  expect([...found].toSorted()).toEqual(["store-encrypted", "store-lifecycle-complete", "store-private", "store-protected", "store-versioned"]);
});
