import { describe, expect, it } from "vitest";
import { columns, counted, paragraph } from "../../../../preview/render/terminal/lines.ts";
import { colouredPage, plainPage, read } from "../../../support/page.ts";

const narrow = { ...plainPage, width: 30 };

describe("columns", () => {
  it("align, numbers to the right", () => {
    expect(read(columns([["area", "applies"], ["backup", "9"], ["upkeep", "13"]], plainPage, { right: [1] }))).toBe([
      "  area    applies",
      "  backup        9",
      "  upkeep       13",
    ].join("\n"));
  });

  it("wrap one column where the page is too narrow, and cut nothing", () => {
    expect(read(columns([["missing", "every word of this is still there"], ["carried", "short"]], narrow))).toBe([
      "  missing  every word of this",
      "           is still there",
      "  carried  short",
    ].join("\n"));
  });

  it("break a word that is longer than the page", () => {
    const lines = columns([["a", "x".repeat(40)]], narrow);
    expect(lines.every((line) => line.length <= 30)).toBe(true);
    expect(lines.join("").replaceAll(/[^x]/g, "")).toHaveLength(40);
  });

  it("align painted cells, and letters that are two columns wide", () => {
    const [painted, wide] = columns([[colouredPage.paint("bad", "one"), "|"], ["日本", "|"]], colouredPage);
    expect(painted).toBe("  \u001b[31mone\u001b[39m   |");
    expect(wide).toBe("  日本  |");
  });

  it("keep out of what stands between rows", () => {
    expect(read(columns([{ between: ["P1, a long line between"] }, ["a", "b"]], plainPage))).toBe("P1, a long line between\n  a  b");
  });

  it("leave the spaces that show a place in a tree", () => {
    expect(read(columns([["  child", "x"], ["parent", "y"]], plainPage))).toBe("    child  x\n  parent   y");
  });
});

it("a paragraph hangs its later lines", () => {
  expect(read(paragraph("one two three four five six seven", narrow, 2, 2))).toBe("  one two three four five\n    six seven");
});

it.each([[0, "0 days"], [1, "1 day"], [2, "2 days"]])("%i is said as %s", (count, said) => {
  expect(counted(count, "day")).toBe(said);
});
