import { Bucket } from "@pulumi/aws/s3/bucket.js";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { run } from "../../../preview/engine/run.ts";
import { sdk } from "../../support/preview.ts";

const at = { sdk, project: "upkeep" };
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

it("keeps overlapping runs apart", async () => {
  const stacks = ["a", "b", "c", "d"];
  const runs = await Promise.all(stacks.map((stack) => run(async () => {
    new Bucket(`${stack}-first`, { tags: { stack: pulumi.getStack() } });
    await pause();
    new Bucket(`${stack}-second`, { tags: { place: new pulumi.Config("aws").require("region") } });
  }, { ...at, stack, config: { "aws:region": `region-${stack}` } })));
  for (const [index, stack] of stacks.entries()) {
    expect(runs[index]?.problems).toEqual([]);
    expect(runs[index]?.resources.map(({ name, inputs }) => [name, inputs])).toEqual([
      [`upkeep-${stack}`, {}],
      [`${stack}-first`, { tags: { stack } }],
      [`${stack}-second`, { tags: { place: `region-${stack}` } }],
    ]);
  }
});

describe("a program that throws", () => {
  it("hands over what it threw and what it declared before, and leaves the next run alone", async () => {
    const broken = await run(() => {
      new Bucket("before");
      throw new Error("no shelf");
    }, { ...at, stack: "broken" });
    expect(broken.errors).toEqual([new Error("no shelf")]);
    expect(broken.resources.map((resource) => resource.name)).toEqual(["upkeep-broken", "before"]);

    const next = await run(() => new Bucket("next"), { ...at, stack: "next" });
    expect(next.errors).toEqual([]);
    expect(next.resources.map((resource) => resource.name)).toEqual(["upkeep-next", "next"]);
  });

  it("gives its errors no stack unless traces are asked for, and restores the process's setting", async () => {
    const before = Error.stackTraceLimit;
    const program = (): never => {
      throw new Error("no shelf");
    };
    const untraced = await run(program, { ...at, stack: "s" });
    const traced = await run(program, { ...at, stack: "s", traces: true });
    expect((untraced.errors[0] as Error).stack).toBe("Error: no shelf");
    expect((traced.errors[0] as Error).stack).toContain("run.test.ts");
    expect(Error.stackTraceLimit).toBe(before);
  });

  it("does so too when it throws after an await", async () => {
    const { errors } = await run(async () => {
      await pause();
      throw new Error("late");
    }, { ...at, stack: "s" });
    expect(errors).toEqual([new Error("late")]);
  });
});

describe("a program that never settles", () => {
  it("ends at the limit and names the resource whose property never comes", async () => {
    const { errors } = await run(() => {
      new Bucket("fine");
      new Bucket("stuck", { bucket: new Promise<string>(() => {}) });
    }, { ...at, stack: "s", limitMilliseconds: 50 });
    expect(errors).toHaveLength(1);
    expect(String(errors[0])).toBe("NeverSettledError: Expected the program to come to an end within 0.05 seconds, it has not. Look at the properties of: aws:s3/bucket:Bucket stuck.");
  });

  it("is told that it awaits something when no resource does", async () => {
    const { errors } = await run(() => new Promise(() => {}), { ...at, stack: "s", limitMilliseconds: 50 });
    expect(String(errors[0])).toContain("No resource waits for it: look for an await at the top of the program.");
  });
});

it("waits for registrations that nobody awaited", async () => {
  const { resources } = await run(() => {
    new Bucket("books", { bucket: pause().then(() => "books-1") });
  }, { ...at, stack: "s" });
  expect(resources.find((resource) => resource.name === "books")?.inputs).toEqual({ bucket: "books-1" });
});

it("keeps the program's warnings, and counts its logged errors as problems", async () => {
  const { warnings, problems } = await run(() => {
    void pulumi.log.warn("mind the step");
    void pulumi.log.error("no shelf");
  }, { ...at, stack: "s" });
  expect(warnings).toEqual(["mind the step"]);
  expect(problems).toEqual([{ message: "no shelf" }]);
});
