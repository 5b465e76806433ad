import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { documentOf } from "../../preview/document.ts";
import { exitCodeOf } from "../../preview/exit-code.ts";
import { previewStack } from "../../preview/preview.ts";
import { projectCopy } from "../support/folder.ts";

describe("previewStack", () => {
  it("runs the project's program with the stack's configuration", async () => {
    const preview = await previewStack({ projectDir: projectCopy("library"), stack: "prod" });
    expect(preview.problems).toEqual([]);
    expect(exitCodeOf(preview)).toBe(0);
    expect(preview.resources.map(({ name, inputs }) => ({ name, inputs: JSON.parse(JSON.stringify(inputs)) as unknown }))).toEqual([
      { name: "library-prod", inputs: {} },
      { name: "books", inputs: { tags: { label: "A to F", shelves: "shelf-0 shelf-1" } } },
      { name: "pin", inputs: { bucket: "[unknown]", content: "[unknown]", key: "[secret]" } },
    ]);
    expect(Object.keys(preview.phases)).toEqual(["read", "load", "run", "judge"]);
  });

  it("notices a changed file of the program, though it keeps what it made of the last", async () => {
    const projectDir = projectCopy("library");
    const shelves = async (): Promise<string> => JSON.stringify((await previewStack({ projectDir, stack: "prod" })).resources[1]?.inputs);
    expect(await shelves()).toContain("shelf-0 shelf-1");
    expect(await shelves()).toContain("shelf-0 shelf-1");
    const file = join(projectDir, "shelves", "shelves.ts");
    writeFileSync(file, readFileSync(file, "utf8").replace("shelf-$", "rack-$"));
    expect(await shelves()).toContain("rack-0 rack-1");
  });

  it("evaluates the program afresh for previews that overlap", async () => {
    const projectDir = projectCopy("library");
    const previews = await Promise.all([1, 2, 3].map(() => previewStack({ projectDir, stack: "prod" })));
    for (const { resources, problems } of previews) {
      expect(problems).toEqual([]);
      expect(resources).toHaveLength(3);
    }
  });

  it("says where a program cannot be read", async () => {
    const projectDir = projectCopy("throws");
    writeFileSync(join(projectDir, "index.ts"), "const shelves: number = 3;\nexport const broken = shelves +;\n");
    const preview = await previewStack({ projectDir, stack: "dev" });
    expect(preview.problems).toEqual([{ path: "index.ts", file: "index.ts", line: 2, column: 32, message: "Unexpected \";\"" }]);
    expect(exitCodeOf(preview)).toBe(1);
  });

  it("ends with 2 when the file that `main` names is not there, and says where that stands", async () => {
    const projectDir = projectCopy("library");
    writeFileSync(join(projectDir, "Pulumi.yaml"), "name: library\nmain: src/index.ts\nruntime: nodejs\n");
    const preview = await previewStack({ projectDir, stack: "prod" });
    expect(exitCodeOf(preview)).toBe(2);
    expect(preview.problems).toEqual([{
      path: "main", file: "Pulumi.yaml", line: 2, column: 1,
      message: "Expected the program's first file, got `src/index.ts`, which is not there. Name the file as `main:` in Pulumi.yaml.",
    }]);
  });

  it("ends with 2 when there is no such stack, and names those that there are", async () => {
    const preview = await previewStack({ projectDir: projectCopy("library"), stack: "production" });
    expect(exitCodeOf(preview)).toBe(2);
    expect(preview.problems).toHaveLength(1);
    expect(preview.problems[0]?.message).toContain("prod");
    expect(documentOf(preview)).toMatchObject({ stack: "production", resources: [], policies: [] });
  });
});

describe("the document", () => {
  it("is the same for the same stack, whatever came first in time", async () => {
    const projectDir = projectCopy("library");
    const [first, second] = [await previewStack({ projectDir, stack: "prod" }), await previewStack({ projectDir, stack: "prod" })];
    const reversed = { ...second, resources: second.resources.toReversed() };
    expect(JSON.stringify(documentOf(reversed))).toBe(JSON.stringify(documentOf(first)));
  });

  it("shows no secret", async () => {
    const preview = await previewStack({ projectDir: projectCopy("library"), stack: "prod" });
    const text = JSON.stringify(documentOf(preview));
    expect(text).toContain('"key":"[secret]"');
    expect(text).not.toContain("open sesame");
  });

  it("has the shape that its readers count on", async () => {
    const preview = await previewStack({ projectDir: projectCopy("library"), stack: "prod" });
    const document = documentOf(preview);
    expect(Object.keys(document)).toEqual(["stack", "resources", "coverage", "policies", "judged", "problems"]);
    expect(document.resources.find(({ name }) => name === "books")).toMatchObject({
      urn: "urn:pulumi:prod::library::aws:s3/bucket:Bucket::books",
      type: "aws:s3/bucket:Bucket",
      parent: "urn:pulumi:prod::library::pulumi:pulumi:Stack::library-prod",
      options: { protect: true, retainOnDelete: false, dependsOn: [] },
    });
  });
});
