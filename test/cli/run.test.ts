import { describe, expect, it } from "vitest";
import { run } from "../../cli/run.ts";
import { plainPage } from "../support/page.ts";

const surroundings = { environment: {}, now: new Date("2026-11-23T20:40:00Z"), page: plainPage };

describe("help", () => {
  it.each([["--help"], ["preview", "--help"], ["coverage", "--help"], ["doctor", "--help"], ["backup", "--help"], ["backups", "--help"], ["verify", "--help"], ["restore", "--help"], ["evidence", "--help"], ["help", "preview"]])(
    "teaches with examples, says what each exit code means, and fits 80 columns: %s %s", async (...args) => {
      const { exitCode, stdout, stderr } = await run(args, surroundings);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      expect(stdout).toContain("Examples:\n  upkeep ");
      expect(stdout).toMatch(/Exit codes:\s+0 [^]+[\s,]1 [^]+[\s,]2 /);
      expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
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
    { args: ["preview", "--jsn"], said: "Expected an option, got `--jsn`. Did you mean `--json`? `upkeep preview --help` shows all that can be written.\n" },
    { args: ["preveiw"], said: "Expected a command: preview, coverage, doctor, backup, backups, verify, restore or evidence, got `preveiw`. Did you mean `preview`? `upkeep --help` shows all that can be written.\n" },
    { args: ["preview", "--stack"], said: "Expected a value after `--stack`, got none. Write it as `--stack prod`; `upkeep preview --help` shows all that can be written.\n" },
    { args: ["coverage", "--cwd"], said: "Expected a value after `--cwd`, got none. Write it as `--cwd ../shop`; `upkeep coverage --help` shows all that can be written.\n" },
    { args: ["preview", "prod"], said: "Expected options after `upkeep preview`, got `prod`. For a stack write `upkeep preview --stack prod`; `upkeep preview --help` shows all that can be written.\n" },
    { args: ["restore", "--store", "./backups"], said: "Expected `--into <address>`, got none. Write `upkeep restore --into postgres://localhost/shop_scratch`; `upkeep restore --help` shows all that can be written.\n" },
    { args: ["verify", "--store", "./backups", "--level", "all"], said: "Expected one of checksums, decode after `--level`, got `all`. `upkeep verify --help` shows all that can be written.\n" },
    { args: ["preview", "-s", "prod"], said: "Expected an option, got `-s`. For a stack write `upkeep preview --stack <name>`; `upkeep preview --help` shows all that can be written.\n" },
  ])("$args", async ({ args, said }) => {
    const { exitCode, stdout, stderr } = await run(args, surroundings);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toBe(said);
  });

  it("with --json a document says it, too", async () => {
    const { exitCode, stdout, stderr } = await run(["preview", "--json", "--jsn"], surroundings);
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ resources: [], coverage: [], policies: [], problems: [{ message: "Expected an option, got `--jsn`. Did you mean `--json`? `upkeep preview --help` shows all that can be written." }] });
    expect(stderr).toContain("--jsn");
  });
});
