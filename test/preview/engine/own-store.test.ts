import type { AsyncLocalStorage } from "node:async_hooks";
import { Bucket } from "@pulumi/aws/s3/bucket.js";
import * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";
import { run } from "../../../preview/engine/run.ts";
import { sdk } from "../../support/preview.ts";

const at = { sdk, project: "upkeep" };
const names = ({ resources }: Awaited<ReturnType<typeof run>>): readonly string[] => resources.map(({ name }) => name);

it("leaves no trace of a program that came to its end", async () => {
  await run(() => new Bucket("whole"), { ...at, stack: "whole" });
  expect(pulumi.runtime.isDryRun()).toBe(false);
});

it("keeps what a program that threw left behind out of the runs after it", async () => {
  let later = (): void => {};
  const left = new Promise<void>((resolve) => {
    later = resolve;
  });
  const first = await run(() => {
    void left.then(() => new Bucket("late"));
    new Bucket("first");
    throw new Error("no shelf");
  }, { ...at, stack: "a" });
  const second = await run(async () => {
    later();
    await new Promise((resolve) => setTimeout(resolve, 10));
    new Bucket("second");
  }, { ...at, stack: "b" });
  expect(names(first)).toEqual(["upkeep-a", "first"]);
  expect(second.errors).toEqual([]);
  expect(names(second)).toEqual(["upkeep-b", "second"]);
});

it("gives each run after that a context of its own", async () => {
  const contexts = (globalThis as unknown as { readonly asyncLocalStorage: AsyncLocalStorage<unknown> }).asyncLocalStorage;
  let inside: unknown;
  await run(() => {
    inside = contexts.getStore();
  }, { ...at, stack: "c" });
  expect(inside).toBeDefined();
  expect(contexts.getStore()).toBeUndefined();
});
