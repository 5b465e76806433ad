import { describe, expect, it, onTestFinished } from "vitest";
import { backupEngines } from "../../practice/contract/manifest.ts";
import { type FaultRow, recordFault } from "./fault-matrix.ts";
import { faultTable } from "./fault-table.ts";

const row: FaultRow = {
  engine: "redis", fault: "killed in the middle", happened: "said that the program ended with signal SIGKILL", exit: "error",
  evidence: "no manifest", alarm: "backup is late", left: "nothing",
};

describe("the table of faults", () => {
  it("is no wider than 80 columns, whatever is in its cells", () => {
    const lines = faultTable([{ ...row, happened: "x".repeat(200), left: "an object with a long-key/of/many/parts" }], [
      { engine: "mongodb", what: "an oplog that rolled over", why: "no server here has an oplog, ".repeat(10) },
    ]);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines.join("").match(/x/g)).toHaveLength(201); // and the x of `exit`
  });

  it("says every cell of every row, by engine, the well-known first", () => {
    const lines = faultTable([row, { ...row, engine: "postgresql", fault: "wrong password" }], []);
    expect(lines.filter((line) => line.startsWith("faults"))).toEqual(["faults: postgresql", "faults: redis"]);
    const words = lines.slice(lines.indexOf("faults: redis")).join(" ");
    for (const word of Object.values(row).flatMap((cell: string) => cell.split(" "))) expect(words).toContain(word);
  });

  it("passes over no engine", () => {
    const all = [...backupEngines, "store"] as const;
    const lines = faultTable(all.map((engine) => ({ ...row, engine })), []);
    expect(lines.filter((line) => line.startsWith("faults")).toSorted()).toEqual(all.map((engine) => `faults: ${engine}`).toSorted());
  });

  it("lists what was not seen, and is nothing when there is nothing", () => {
    expect(faultTable([], [])).toEqual([]);
    expect(faultTable([], [{ engine: "mongodb", what: "views", why: "no server here has them" }]))
      .toEqual(["", "faults that were not seen", "- mongodb: views: no server here has them"]);
  });

  it("takes a row from a running test only", async ({ task }) => {
    // The reporter would print it as if it had happened.
    onTestFinished(() => {
      delete task.meta.faults;
    });
    recordFault(row);
    recordFault({ ...row, fault: "another" });
    expect(task.meta.faults?.map(({ fault }) => fault)).toEqual(["killed in the middle", "another"]);
  });
});
