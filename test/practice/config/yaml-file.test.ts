import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readYaml } from "../../../practice/config/yaml-file.ts";
import { projectOnDisk } from "../../support/project-on-disk.ts";

it("the same text is parsed once, and a changed one anew", () => {
  const folder = projectOnDisk({ "Pulumi.yaml": "name: campus\n" });
  const first = readYaml(folder, "Pulumi.yaml");
  expect(readYaml(folder, "Pulumi.yaml")).toBe(first);
  writeFileSync(join(folder, "Pulumi.yaml"), "name: library\n");
  expect(readYaml(folder, "Pulumi.yaml").value).toEqual({ name: "library" });
});

it("equal texts in two folders are two files", () => {
  const text = "name: campus\n";
  expect(readYaml(projectOnDisk({ "Pulumi.yaml": text }), "Pulumi.yaml")).not.toBe(readYaml(projectOnDisk({ "Pulumi.yaml": text }), "Pulumi.yaml"));
});
