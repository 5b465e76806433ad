import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { isAgain, once, selectionOf } from "../../tools/test/once.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const left = once.flatMap(({ files }) => files);

describe("what a second pass leaves out", () => {
  it.each(once)("is named file by file: $why", ({ files, everywhere }) => {
    for (const file of [...files, ...everywhere]) {
      expect(file).toMatch(/^test\/.+\.test\.ts$/);
      expect({ file, exists: existsSync(join(repository, file)) }).toEqual({ file, exists: true });
    }
    // Something that goes through the same code is left out nowhere.
    expect(everywhere).not.toEqual([]);
    expect(everywhere.filter((file) => left.includes(file))).toEqual([]);
  });

  it("is named once", () => {
    expect(left).toEqual([...new Set(left)]);
  });

  it("is left out only by who asks for it", () => {
    expect([isAgain([]), isAgain(["test/engine"])]).toEqual([false, false]);
    expect(selectionOf(["test/engine"])).toEqual(["test/engine"]);
    expect(isAgain(["--again"])).toBe(true);
    expect(selectionOf(["--again", "test/engine"])).toEqual(["test/engine", ...left.flatMap((file) => ["--exclude", file])]);
  });
});
