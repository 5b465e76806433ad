import { describe, expect, it } from "vitest";
import { run } from "../../cli/run.ts";
import { plainPage } from "../support/page.ts";

const surroundings = { environment: {}, now: new Date("2026-11-23T20:40:00Z"), page: plainPage };

describe("help", () => {
  it.each([["--help"], ["preview", "--help"], ["coverage", "--help"], ["help", "preview"]])("teaches with examples: %s %s", async (...args) => {
    const { exitCode, stdout, stderr } = await run(args, surroundings);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain("Examples:\n  upkeep ");
  });

  it("says what each exit code means", async () => {
    expect((await run(["--help"], surroundings)).stdout).toMatch(/\n {2}0 {2}.+\n {2}1 {2}.+\n {2}2 {2}.+\n/);
  });

  it("is what a command line without a command gets, as wrong usage", async () => {
    const { exitCode, stdout, stderr } = await run([], surroundings);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain("Usage: upkeep");
  });
});

it("prints its version", async () => {
  const { exitCode, stdout, stderr } = await run(["--version"], surroundings);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

describe("wrong usage ends with 2 and names what was meant", () => {
  it.each([
    { args: ["preview", "--jsn"], said: "(Did you mean --json?)" },
    { args: ["preveiw"], said: "(Did you mean preview?)" },
    { args: ["preview", "--stack"], said: "argument missing" },
    { args: ["preview", "prod"], said: "too many arguments" },
  ])("$args", async ({ args, said }) => {
    const { exitCode, stdout, stderr } = await run(args, surroundings);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(said);
  });

  it("with --json a document says it, too", async () => {
    const { exitCode, stdout, stderr } = await run(["preview", "--json", "--jsn"], surroundings);
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ resources: [], coverage: [], policies: [], problems: [{ message: "error: unknown option '--jsn'\n(Did you mean --json?)" }] });
    expect(stderr).toContain("--jsn");
  });
});
