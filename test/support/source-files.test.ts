import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { importCircles } from "./import-circles.ts";
import { type SourceFile, sourceFiles } from "./source-files.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function read(tree: Readonly<Record<string, string>>): readonly SourceFile[] {
  const folder = mkdtempSync(join(tmpdir(), "upkeep-tree-"));
  folders.push(folder);
  for (const [path, text] of Object.entries(tree)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return sourceFiles(folder);
}

it("sees static, dynamic and type imports, and none inside a comment or string", () => {
  const [file] = read({
    "a.ts": `import { b } from "./b.ts";\nimport type { C } from "./c.ts";\n// import "./no.ts"\nconst text = 'import "./no.ts"';\nawait import("./d.ts");\n`,
  });
  expect(file?.imports).toEqual(["./b.ts", "./c.ts", "./d.ts"]);
  expect(file?.loads).toEqual(["./b.ts", "./d.ts"]);
});

it("counts lines as a reader does, without the last line's end", () => {
  expect(read({ "a.ts": "one\ntwo\n" })[0]?.lines).toBe(2);
});

it("leaves out what is installed or built", () => {
  expect(read({ "node_modules/a.ts": "", "x/dist/b.ts": "", ".cache/c.ts": "", "x/d.ts": "" }).map((file) => file.path)).toEqual(["x/d.ts"]);
});

it("finds a circle over three files and in two folders", () => {
  const files = read({ "x/a.ts": `import "../y/b.ts";`, "y/b.ts": `import "./c.ts";`, "y/c.ts": `import "../x/a.ts";` });
  expect(importCircles(files)).toEqual(["x/a.ts -> y/b.ts -> y/c.ts -> x/a.ts"]);
});

it("lets types refer to each other", () => {
  expect(importCircles(read({ "a.ts": `import { b } from "./b.ts";`, "b.ts": `import type { A } from "./a.ts";` }))).toEqual([]);
});
