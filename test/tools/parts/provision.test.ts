import { afterEach, expect, it, vi } from "vitest";
import type { Found, Part } from "../../../tools/parts/part.ts";
import { provision } from "../../../tools/parts/provision.ts";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

const missing: Found = { state: "missing", why: "it was not built yet", wayOut: "install Go" };
const refuse = (): never => {
  throw new Error("Expected nothing to be fetched.");
};

function part(answers: readonly Found[], provide: Part["provide"] = refuse): Part {
  const left = [...answers];
  const find = (): Found => left.shift() ?? refuse();
  return { name: "s3", version: "1", neededBy: "tests", consequence: "none", find, provide };
}

it("leaves a part alone that is there", async () => {
  await expect(provision(part([{ state: "ready", folder: "x" }]), refuse)).resolves.not.toHaveProperty("problem");
});

it("tells why a part could not be had, and goes on", async () => {
  const broken = part([missing], () => Promise.reject(new Error("no network")));
  await expect(provision(broken, refuse)).resolves.toMatchObject({ problem: "no network" });
});

it("does not take a recipe's word for it", async () => {
  await expect(provision(part([missing, missing], async () => {}), refuse)).resolves.toMatchObject({ problem: "it was not built yet: install Go" });
});

it("fetches nothing that was asked to be skipped", async () => {
  vi.stubEnv("UPKEEP_SKIP_PARTS", "mongodb,s3");
  await expect(provision(part([]), refuse)).resolves.toMatchObject({ problem: "UPKEEP_SKIP_PARTS names it" });
});

it("gives a sign after two seconds, and none before", async () => {
  vi.useFakeTimers();
  const said: string[] = [];
  let finish: () => void = refuse;
  const slow = part([missing, { state: "ready", folder: "x" }], (progress) => {
    progress("compiling");
    return new Promise((resolve) => {
      finish = resolve;
    });
  });
  const outcome = provision(slow, (line) => said.push(line));
  await vi.advanceTimersByTimeAsync(1_900);
  expect(said).toEqual([]);
  await vi.advanceTimersByTimeAsync(200);
  expect(said).toEqual(["s3: 2 s, compiling"]);
  finish();
  await outcome;
  expect(said.at(-1)).toBe("s3: ready after 2 s");
});
