import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type Engine, startEngine } from "../support/engine/engine.ts";
import { describeWithParts } from "../support/parts.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

/** What cannot be had again: with another thing of the same name, its content is gone. */
const kept = [
  "aws:s3/bucket:Bucket", "aws:kms/key:Key", "aws:cloudwatch/logGroup:LogGroup", "aws:secretsmanager/secret:Secret",
  "random:index/randomId:RandomId", "random:index/randomPassword:RandomPassword",
];

const identities = (engine: Engine): readonly string[] =>
  engine.cloud.things.filter(({ type }) => kept.includes(type)).map(({ type, id }) => `${type} ${id}`).toSorted();

describeWithParts("what is deployed survives a change of the program's structure", ["engine"], () => {
  let engine: Engine;
  let first: readonly string[];
  let at = "first";
  const step = (next: string): void => {
    engine.edit("Pulumi.dev.yaml", (text) => text.replace(`step: ${at}`, `step: ${next}`));
    at = next;
  };
  beforeAll(async () => {
    engine = await startEngine({ stack: "dev", source: fileURLToPath(new URL("fixtures/refactoring", import.meta.url)), pack: false });
    const made = await engine.up();
    expect({ exitCode: made.exitCode, output: made.exitCode === 0 ? "" : made.output }).toEqual({ exitCode: 0, output: "" });
    first = identities(engine);
    expect(new Set(first.map((identity) => identity.split(" ")[0]))).toEqual(new Set(kept));
  });
  afterAll(() => engine.stop());

  it.each([
    ["renamed", "a component that is renamed"],
    ["moved", "a component that moves into another one"],
  ])("%s: %s, with its former names as aliases, replaces nothing", async (next) => {
    step(next);
    const ended = await engine.up();
    expect({ exitCode: ended.exitCode, output: ended.exitCode === 0 ? "" : ended.output }).toEqual({ exitCode: 0, output: "" });
    const others = ended.steps.filter(({ op, urn }) => op !== "update" && !urn.includes("library:index:Platform::platform"));
    expect(others).toEqual([]);
    expect(identities(engine)).toEqual(first);
  });

  it("and the count would notice: without aliases everything would be made anew", async () => {
    step("forgotten");
    const ended = await engine.preview();
    const anew = ended.steps.filter(({ op, urn }) => op === "create" && kept.some((type) => urn.includes(`$${type}::`)));
    expect(anew.length).toBe(first.length);
    expect(identities(engine)).toEqual(first);
  });
});
