import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { measures } from "../../practice/alerts/signals.ts";

const folder = "docs/runbooks";

describe("runbooks", () => {
  it("there is one for each signal, and no other", () => {
    const pages = readdirSync(folder).filter((file) => file !== "README.md").map((file) => file.replace(/\.md$/, ""));
    expect(pages.toSorted()).toEqual(Object.keys(measures).toSorted());
  });

  it.each(Object.keys(measures))("%s says what it means, where to look, how to mend and when it is done", (signal) => {
    const page = readFileSync(`${folder}/${signal}.md`, "utf8");
    for (const part of ["**Means.**", "**Look", "**Mend", "**Done when**"]) expect(page).toContain(part);
  });

  it("the index names each page", () => {
    const index = readFileSync(`${folder}/README.md`, "utf8");
    for (const signal of Object.keys(measures)) expect(index).toContain(`(${signal}.md)`);
  });
});
