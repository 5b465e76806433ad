import { describe, expect, it } from "vitest";
import { problems, type Source } from "../../../../preview/render/terminal/problems.ts";
import { plainPage, read } from "../../../support/page.ts";

const stackFile = [
  "config:",
  "  upkeep:files:",
  "    uploads: { bucket: campus-uploads, backup: { keep: 30 } }",
  "    secret: mongodb://campus:hunter2@db.example/campus",
  "    password: hunter2",
  `    notes: ${"x".repeat(200)}`,
];

const source: Source = (file) => (file === "Pulumi.prod.yaml" ? stackFile : undefined);

const at = (line: number, column: number) =>
  ({ file: "Pulumi.prod.yaml", line, column, path: "upkeep:files.uploads", message: "Expected days in words, got 30. Write `30 days`." });

describe("problems", () => {
  it("show place, path, sentence, and the line with a caret below the fault", () => {
    expect(read(problems([at(3, 50)], source, plainPage))).toBe([
      "1 problem",
      "",
      "Pulumi.prod.yaml:3:50  upkeep:files.uploads",
      "  Expected days in words, got 30. Write `30 days`.",
      "  3 |     uploads: { bucket: campus-uploads, backup: { keep: 30 } }",
      "                                                       ^",
    ].join("\n"));
    expect(stackFile[2]?.charAt(49)).toBe("k");
  });

  it("come all at once, counted", () => {
    const said = read(problems([at(3, 5), at(3, 50)], source, plainPage));
    expect(said).toContain("2 problems\n");
    expect(said.match(/Expected days/g)).toHaveLength(2);
  });

  it("without a place are words alone", () => {
    expect(read(problems([{ message: "Something broke." }], source, plainPage))).toBe("1 problem\n\n  Something broke.");
  });

  it("of a whole file name it once", () => {
    expect(read(problems([{ file: "Pulumi.yaml", path: "Pulumi.yaml", message: "Empty." }], source, plainPage))).toContain("\nPulumi.yaml\n  Empty.");
  });

  it.each([4, 5])("never repeat a secret from line %i", (line) => {
    const said = read(problems([at(line, 5)], source, plainPage));
    expect(said).toContain("[not shown]");
    expect(said).not.toContain("hunter2");
  });

  it.each([
    ["upkeep:databases.accounts.secret", `      secret: '{"username":"u","password":"hunter2"}'`, 6],
    ["upkeep:databases.accounts.secret", "      secret: hunter2", 6],
    ["upkeep:databases.accounts.pasword", "      pasword: hunter2, hunter2", 6],
    ["upkeep:databases.accounts.secrt", "      secrt: hunter2", 6],
    ["upkeep:databases.accounts.dbpw", "      dbpw: hunter2", 6],
    ["upkeep:databases.accounts.engine", "    accounts: { engine: postgrs, dbpw: hunter2, sizeGiB: 1 }", 4],
    ["upkeep:databases.accounts.engine", "    accounts: { engine: postgrs, secret: \"hunter2!x y\" }", 4],
    ["upkeep:databases.accounts.login", "    accounts: { login: [hunter2] }", 4],
    ["upkeep:files.uploads.passwd", "    uploads: { bucket: campus, passwd: hunter2 }", 4],
    ["datadog:apiKey", "  datadog:apiKey: hunter2", 2],
    ["Pulumi.prod.yaml", "        hunter2 [", 8],
    ["Pulumi.prod.yaml", `        {"api_key":"hunter2"`, 8],
  ])("never repeat what may be a secret: %s", (path, line, indent) => {
    const above = ["config:", "  upkeep:databases:", "    accounts:", "      secret:"].filter((text) => text.search(/\S/) < indent);
    const found = { file: "Pulumi.prod.yaml", line: above.length + 1, column: indent + 1, path, message: "Expected something else." };
    const said = read(problems([found], () => [...above, line], plainPage));
    expect(said).toContain("[not shown]");
    expect(said).not.toContain("hunter2");
  });

  it.each([
    "    accounts: { engine: postgrs, database: accounts, secret: campus/prod/postgresql, sizeGiB: 40 }",
    "      backup: { every: daily at 01:30, keep: 30 }",
    "      secretKey: arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d",
  ])("show what is no secret: %s", (line) => {
    const found = { file: "Pulumi.prod.yaml", line: 3, column: 5, path: "upkeep:databases.accounts", message: "Expected something else." };
    const said = read(problems([found], () => ["config:", "  upkeep:databases:", line], { ...plainPage, width: 120 }));
    expect(said).toContain(`| ${line}`);
  });

  it("still show the name of a secret, which is no secret", () => {
    const named: Source = () => ["    secret: campus/prod/mongodb"];
    expect(read(problems([at(1, 5)], named, plainPage))).toContain("secret: campus/prod/mongodb");
  });

  it("cut a line that is longer than the page, so that the caret stands below the right word", () => {
    const lines = problems([at(6, 5)], source, plainPage);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines.at(-1)).toBe(`${" ".repeat(10)}^`);
  });
});
