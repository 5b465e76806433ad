import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { projectAt } from "../../cli/project.ts";
import { run } from "../../cli/run.ts";
import { projectCopy } from "../support/folder.ts";
import { plainPage } from "../support/page.ts";
import { projectOnDisk } from "../support/project-on-disk.ts";

const files = { "Pulumi.yaml": "name: shop\nruntime: nodejs\n", "Pulumi.prod.yaml": "config:\n  aws:region: eu-central-1\n" };
const surroundings = { environment: {}, now: new Date("2026-11-23T20:40:00Z"), page: plainPage };

describe("the project", () => {
  it("is looked for upwards, and that is said", () => {
    const folder = projectOnDisk(files);
    mkdirSync(join(folder, "docs", "runbooks"), { recursive: true });
    expect(projectAt(join(folder, "docs", "runbooks"))).toMatchObject({
      folder, aside: ["There is no Pulumi.yaml in this folder: the project in `../..` is taken."],
    });
    expect(projectAt(folder)).toMatchObject({ folder, aside: [] });
  });

  it("is the folder itself where there is none above", () => {
    const folder = projectOnDisk({});
    expect(projectAt(folder)).toMatchObject({ folder, aside: [] });
  });

  it("that --cwd named is named in every command that is printed", () => {
    const folder = projectOnDisk(files);
    expect(projectAt(folder).hints.there).toBe(` --cwd ${folder}`);
    expect(projectAt(".").hints.there).toBe("");
  });

  it("with rules of its own has an update judged by them, from wherever it is started", () => {
    const folder = projectOnDisk(files);
    mkdirSync(join(folder, "policies"));
    mkdirSync(join(folder, "docs"));
    writeFileSync(join(folder, "policies", "PulumiPolicy.yaml"), "runtime: nodejs\n");
    expect(projectAt(folder).hints.policyPack).toBe("policies");
    expect(projectAt(join(folder, "docs")).hints.policyPack).toBe(join("..", "policies"));
  });

  it("without rules of its own has an update judged by the pack of this package, seen from the folder that --cwd named", () => {
    expect(projectAt(join("examples", "esn")).hints).toEqual({ there: ` --cwd ${join("examples", "esn")}`, policyPack: join("..", "..", "policies") });
    const folder = projectOnDisk(files);
    const { policyPack = "" } = projectAt(folder).hints;
    expect(existsSync(join(resolve(folder, policyPack), "PulumiPolicy.yaml"))).toBe(true);
  });

  it("in a folder with a space is named as a shell takes it", () => {
    const folder = join(projectOnDisk(files), "web shop");
    mkdirSync(join(folder, "policies"), { recursive: true });
    writeFileSync(join(folder, "Pulumi.yaml"), files["Pulumi.yaml"]);
    writeFileSync(join(folder, "policies", "PulumiPolicy.yaml"), "runtime: nodejs\n");
    expect(projectAt(folder).hints).toEqual({ there: ` --cwd ${JSON.stringify(folder)}`, policyPack: "policies" });
  });
});

it("commands of Pulumi in the words of a problem name the folder, too", async () => {
  const folder = projectCopy("library");
  const problem = "{ path: 'a', message: 'Write it with `pulumi config set a`.' }";
  writeFileSync(join(folder, "index.ts"), `throw Object.assign(new Error(), { name: "StackFileError", problems: [${problem}] });\n`);
  const { exitCode, stdout } = await run(["preview", "--json", "--stack", "prod", "--cwd", folder], surroundings);
  expect(exitCode).toBe(2);
  expect(stdout).toContain(`Write it with \`pulumi config set a --cwd ${folder}\`.`);
});
