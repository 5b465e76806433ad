import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import type { PreviewDocument } from "../../preview/document.ts";
import { commandBuilt } from "../support/built.ts";
import { type Ended, inShell, interrupted, referenceWith, upkeep, upkeepWithoutRules } from "../support/command.ts";
import { projectCopy } from "../support/folder.ts";

beforeAll(commandBuilt);

const documentIn = ({ stdout }: Ended): PreviewDocument => JSON.parse(stdout) as PreviewDocument;

const escape = "\u001b";

describe.each(["prod", "staging"])("upkeep preview --stack %s", (stack) => {
  it("reads on a page of 80 columns, without colour, and says what to do next", async () => {
    const { exitCode, stdout, stderr } = await upkeep(["preview", "--stack", stack]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const lines = stdout.trimEnd().split("\n");
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(stdout).not.toContain(escape);
    expect(lines[0]).toBe(`campus, stack ${stack}`);
    expect(lines.filter((line) => /^[A-Z]/.test(line)).map((line) => line.split("  ")[0])).toEqual([
      "Coverage", "Next seven days", "Alerts", "Backups", "Resources", "Policies",
      `Next: pulumi up --stack ${stack} --policy-pack policies`,
    ]);
    expect(lines.find((line) => line.startsWith("Policies"))).toMatch(/\d\d rules: \d\d passed/);
  });

  it("--json is one document and nothing else", async () => {
    const ended = await upkeep(["preview", "--stack", stack, "--json"]);
    const { resources, coverage, policies, problems, ...rest } = documentIn(ended);
    expect({ exitCode: ended.exitCode, stderr: ended.stderr, stack: rest.stack, policies, problems })
      .toEqual({ exitCode: 0, stderr: "", stack, policies: [], problems: [] });
    expect(resources.length).toBeGreaterThan(100);
    for (const { urn, type, name, options } of resources) {
      expect(urn.endsWith(`${type}::${name}`)).toBe(true);
      expect([typeof options.protect, typeof options.retainOnDelete, Array.isArray(options.dependsOn)]).toEqual(["boolean", "boolean", true]);
    }
    const urns = new Set(resources.map(({ urn }) => urn));
    expect(coverage.find(({ item }) => item === "backup.postgresql.daily")).toMatchObject({ title: "Daily PostgreSQL dump", applies: true });
    expect(coverage.flatMap(({ carriedBy }) => carriedBy).filter((urn) => !urns.has(urn))).toEqual([]);
    expect(coverage.find(({ item }) => item === "protect.patching")?.notApplicable).toContain("no host to patch");
  });
});

describe("upkeep coverage", () => {
  it("lists every item that the document holds", async () => {
    const [page, document] = [await upkeep(["coverage"]), documentIn(await upkeep(["coverage", "--json"]))];
    expect(page.exitCode).toBe(0);
    expect(document).toMatchObject({ stack: "prod", problems: [] });
    expect(document.coverage.length).toBeGreaterThan(80);
    expect(document.coverage.filter(({ item }) => !page.stdout.includes(`  ${item} `))).toEqual([]);
    expect(page.stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });
});

describe("a changed line of the stack file", () => {
  it("is seen: 30 days become 7", async () => {
    const [before, after] = [
      await upkeep(["preview"], { cwd: referenceWith({}) }),
      await upkeep(["preview"], { cwd: referenceWith({ "Pulumi.prod.yaml": (text) => text.replace("keep: 30 days", "keep: 7 days") }) }),
    ];
    const changed = after.stdout.split("\n").filter((line) => !before.stdout.split("\n").includes(line) && !line.startsWith("Next seven days"));
    expect(changed).toEqual([expect.stringMatching(/^ {2}uploads {4}files .* 7 days {2}18 GiB$/)]);
  });

  it("that cannot be read ends with 2, the place and the way out; as a document, too", async () => {
    const cwd = referenceWith({ "Pulumi.prod.yaml": (text) => text.replace("keep: 30 days", "keep: 30") });
    const line = readFileSync(join(cwd, "Pulumi.prod.yaml"), "utf8").split("\n").indexOf("        keep: 30") + 1;
    const page = await upkeep(["preview"], { cwd });
    expect(page.exitCode).toBe(2);
    expect(page.stdout).toContain(`Pulumi.prod.yaml:${line}:9  upkeep:files.uploads.backup.keep\n`);
    expect(page.stdout).toContain(`${line} |         keep: 30\n`);
    expect(page.stdout).toMatch(/\nNext: mend the 1 problem above, then preview again\.\n$/);

    const document = await upkeep(["preview", "--json"], { cwd });
    expect(document.exitCode).toBe(2);
    expect(documentIn(document)).toMatchObject({
      stack: "prod", resources: [], coverage: [], policies: [],
      problems: [{ path: "upkeep:files.uploads.backup.keep", line, column: 9 }],
    });
  });

  it("that does not go together with others ends with 1", async () => {
    const cwd = referenceWith({ "Pulumi.prod.yaml": (text) => text.replace("keep: 7 days", "keep: 90 days") });
    const { exitCode, stdout } = await upkeep(["preview"], { cwd });
    expect(exitCode).toBe(1);
    expect(stdout).toContain("3 problems");
  });
});

describe("what ends with 1 although the stack file is fine", () => {
  const judged = (level: string) => `module.exports.rules = [{ name: "no-bucket", description: "No bucket.", enforcementLevel: "${level}",
    validateStack: (args, report) => report("Expected no bucket, got one. Remove it.", args.resources.find(({ name }) => name === "pin").urn) }];`;

  it.each([["mandatory", 1], ["advisory", 0]])("a violated policy that is %s: %i", async (level, expected) => {
    const cwd = projectCopy("library");
    mkdirSync(join(cwd, "policies", "dist"), { recursive: true });
    writeFileSync(join(cwd, "policies", "dist", "rules.cjs"), judged(level));
    const { exitCode, stdout } = await upkeep(["preview"], { cwd });
    expect(exitCode).toBe(expected);
    expect(stdout).toContain(`  violated  no-bucket (${level})\n    pin: Expected no bucket, got one. Remove it.\n`);
  });

  it("a program that throws: its place, and no stack trace", async () => {
    const { exitCode, stdout, stderr } = await upkeep(["preview"], { cwd: projectCopy("throws") });
    expect(exitCode).toBe(1);
    expect(stdout).toContain("index.ts:10:34\n  no shelf\n");
    expect(stdout + stderr).not.toMatch(/^ +at /m);
  });

  it("--strict, without compiled rules: nobody judged", async () => {
    const { exitCode, stdout, stderr } = await upkeepWithoutRules(["preview", "--strict"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: "--strict: no rules were found: npm run build\n" });
    expect(stdout).toContain("\nPolicies  none: no rules were found: npm run build\n");
    expect(stdout).toMatch(/Next: build the rules, for none was found \(--strict\): npm run build\n$/);
  });

  it("--strict, while something that applies is missing", async () => {
    const { exitCode, stdout } = await upkeep(["preview", "--strict"]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/Next: carry or answer the \d+ missing items \(--strict\):\n {6}npx upkeep coverage --stack prod\n$/);
  });
});

describe("the stack", () => {
  it("that does not exist ends with 2 and names those that do", async () => {
    const { exitCode, stdout } = await upkeep(["preview", "--stack", "nope"]);
    expect(exitCode).toBe(2);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain('Expected a stack that has a file: prod or staging, got "nope".');
  });

  it("is that of the nearest project above, which is said beside the answer", async () => {
    const cwd = referenceWith({});
    mkdirSync(join(cwd, "docs"));
    const { exitCode, stdout, stderr } = await upkeep(["preview", "--stack", "prod"], { cwd: join(cwd, "docs") });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "There is no Pulumi.yaml in this folder: the project in `..` is taken.\n" });
    // The rules beside the command judged, and Pulumi is told where they are from the folder in which it is asked.
    const [, pack = ""] = /^Next: pulumi up --stack prod --policy-pack (\S+)$/m.exec(stdout) ?? [];
    expect(resolve(cwd, "docs", pack)).toBe(fileURLToPath(new URL("../../policies", import.meta.url)));
  });

  it("is the one in PULUMI_STACK when nobody names one", async () => {
    expect(documentIn(await upkeep(["coverage", "--json"], { env: { PULUMI_STACK: "staging" } })).stack).toBe("staging");
  });

  it("has to be named where several could be meant; the document says so, too", async () => {
    const cwd = referenceWith({});
    writeFileSync(join(cwd, "Pulumi.dev.yaml"), readFileSync(join(cwd, "Pulumi.prod.yaml")));
    rmSync(join(cwd, "Pulumi.prod.yaml"));
    const ended = await upkeep(["preview", "--json"], { cwd });
    expect(ended.exitCode).toBe(2);
    expect(documentIn(ended).problems).toEqual([{ path: "stack", message: "Expected a stack, got none and there are several: dev, staging. Name one: --stack dev." }]);
  });
});

describe("streams", () => {
  it("a reader that has read enough is no fault", async () => {
    expect(await inShell("set -o pipefail; upkeep preview --json | head -1")).toEqual({ exitCode: 0, stdout: "{\n", stderr: "" });
  });

  it("what a program prints or warns of stays off standard output", async () => {
    const cwd = projectCopy("library");
    const index = join(cwd, "index.ts");
    writeFileSync(index, `${readFileSync(index, "utf8")}\nimport { log } from "@pulumi/pulumi";\nconsole.log("printed");\nawait log.warn("shelf is full");\n`);
    const ended = await upkeep(["preview", "--json"], { cwd });
    expect(documentIn(ended).problems).toEqual([]);
    expect(ended.stderr).toContain("printed\n");
    expect(ended.stderr).toContain("warning: shelf is full\n");
  });

  it("Ctrl-C ends with 130", async () => {
    const cwd = projectCopy("library");
    writeFileSync(join(cwd, "index.ts"), `console.log("begun"); await new Promise((resolve) => setTimeout(resolve, 20_000));`);
    expect(await interrupted(["preview"], { cwd })).toBe(130);
  });

  it("colour is given to who forces it, and to no other pipe", async () => {
    const forced = await upkeep(["preview", "--stack", "nope"], { env: { FORCE_COLOR: "1" } });
    expect(forced.stdout).toContain(`${escape}[31m1 problem${escape}[39m`);
    const refused = await upkeep(["preview", "--stack", "nope"], { env: { FORCE_COLOR: "1", NO_COLOR: "1" } });
    expect(refused.stdout).not.toContain(escape);
  });
});
