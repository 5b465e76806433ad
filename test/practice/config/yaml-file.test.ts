import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { StackFileError } from "../../../practice/config/problems.ts";
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

describe("a file that is no text is refused in a sentence:", () => {
  const said = (put: (path: string) => void): string => {
    const folder = projectOnDisk({});
    put(join(folder, "Pulumi.yaml"));
    try {
      return readYaml(folder, "Pulumi.yaml").name;
    } catch (error) {
      return error instanceof StackFileError ? error.problems.map(({ message }) => message).join("\n") : `no refusal: ${String(error)}`;
    }
  };

  it.each<readonly [string, (path: string) => void, string]>([
    ["UTF-16, as some editors save", (path) => writeFileSync(path, Buffer.from("\uFEFFname: campus\n", "utf16le")), "Expected text in UTF-8, got another encoding. Save the file as UTF-8."],
    ["Latin-1", (path) => writeFileSync(path, Buffer.from("name: café\n", "latin1")), "Expected text in UTF-8, got another encoding. Save the file as UTF-8."],
    ["a folder", (path) => mkdirSync(path), "Expected a file that can be read, got a folder. Rename it, or put the file in its place."],
    ["a link to nothing", (path) => symlinkSync("nowhere", path), "Expected a file that can be read, got a link to one that is not there. Mend the link, or put the file in its place."],
    ["a link to itself", (path) => symlinkSync("Pulumi.yaml", path), "Expected a file that can be read, got a link that leads to itself. Put the file in its place."],
  ])("%s", (_, put, message) => {
    expect(said(put)).toBe(message);
  });

  it("a mark at the beginning and lines that end as on Windows are none of it", () => {
    expect(readYaml(projectOnDisk({ "Pulumi.yaml": "\uFEFFname: campus\r\nmain: index.ts\r\n" }), "Pulumi.yaml").value).toEqual({ name: "campus", main: "index.ts" });
  });
});
