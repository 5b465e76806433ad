import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { Contents } from "../../../practice/contract/manifest.ts";
import { NotATarget, type RestoreTarget } from "../../../handlers/engines/restore.ts";
import { listEvidence } from "../../../handlers/store/evidence.ts";
import { recordFault } from "../../support/fault-matrix.ts";
import { putBackup } from "../../support/handlers/backups.ts";
import { badCheck, check, NOON, scratchWith } from "../../support/handlers/checks.ts";
import { makeStore, type TestStore } from "../../support/handlers/test-store.ts";
import { describeWithParts } from "../../support/parts.ts";
import { type S3Server, startS3 } from "../../support/servers/s3.ts";

const TONIGHT = "2026-11-23T02:00:00Z";
const contents: Contents = { counts: { users: 2, orders: 3 }, hashes: { users: "a", orders: "b" }, hashedBy: "rows-1", extensions: { citext: "1.6" } };
const source = { database: "accounts", server: { address: "db:5432", id: "7" }, extensions: { citext: "1.6" } };

describeWithParts("a restore drill", ["s3"], () => {
  let server: S3Server;
  let store: TestStore;
  beforeAll(async () => {
    server = await startS3();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    store = await makeStore(server);
    await putBackup(store, { scheduledAt: TONIGHT, versionId: "", manifest: { ...contents, server: source.server } });
  });

  it("proves the target, loads, compares, asks, in this order, and says how long it took and how old the backup was", async () => {
    const target = scratchWith(contents, { name: "scratch@localhost:5999", ask: () => Promise.resolve("42") });
    let seconds = 0;
    const now = (): Date => new Date(Date.parse(NOON) + 1000 * seconds++);
    const { record } = await check({ level: "restore", smoke: "select 42" }, { store, now, openTarget: () => Promise.resolve(target) });
    expect(target.calls).toEqual(["prove scratch", "load", "contents", "ask select 42", "close"]);
    expect(target.proved).toEqual([source]);
    expect(record).toMatchObject({ outcome: "restored", findings: [], backup: { runId: "20261123T020000Z" } });
    expect(record.restore).toEqual({
      target: "scratch@localhost:5999", durationMilliseconds: 1000, ageSeconds: 36_002, sameCounts: 2, sameHashes: 2, smokeAnswer: "42",
    });
  });

  it("leaves evidence that can be read, also where a clock was set back meanwhile", async () => {
    let asked = 0;
    const now = (): Date => new Date(Date.parse(NOON) - 3_600_000 * asked++);
    const { record } = await check({ level: "restore" }, { store, now, openTarget: () => Promise.resolve(scratchWith(contents)) });
    expect(record.restore?.durationMilliseconds).toBe(0);
    await expect(listEvidence(store, "campus", "accounts")).resolves.toEqual({ records: [record], foreign: [] });
  });

  it("asks nothing where the stack file has no smoke query", async () => {
    const target = scratchWith(contents);
    const { record } = await check({ level: "restore" }, { store, openTarget: () => Promise.resolve(target) });
    expect(target.calls).toEqual(["prove scratch", "load", "contents", "close"]);
    expect(record.restore).not.toHaveProperty("smokeAnswer");
  });

  const fails = (words: string) => () => Promise.reject(new Error(words));

  it.each<[fault: string, Contents, Partial<RestoreTarget>, outcome: "failed" | "corrupted", finding: RegExp, calls: readonly string[]]>([
    ["target that is not empty", contents, { prove: () => Promise.reject(new NotATarget("Expected an empty database, it has 3 tables.")) }, "failed", /^Expected an empty database/, ["prove scratch"]],
    ["extension missing in scratch", contents, { prove: () => Promise.reject(new NotATarget("Expected the extension citext, it cannot be had here.")) }, "failed", /extension citext/, ["prove scratch"]],
    ["load that fails with good bytes", contents, { load: fails("disk full") }, "failed", /^disk full$/, ["prove scratch", "load"]],
    ["load that stops early and returns 0", contents, { load: () => Promise.resolve() }, "failed", /stopped before/, ["prove scratch", "load"]],
    ["rows missing after the restore", { ...contents, counts: { users: 1, orders: 3 } }, {}, "corrupted", /users to have 2 rows, it has 1 rows/, ["prove scratch", "load", "contents"]],
    ["table missing after the restore", { ...contents, counts: { users: 2 }, hashes: { users: "a" } }, {}, "corrupted", /orders to have 3 rows, it has no such part/, ["prove scratch", "load", "contents"]],
    ["other rows, right counts", { ...contents, hashes: { users: "a", orders: "x" } }, {}, "corrupted", /orders to have the hash b, it has the hash x/, ["prove scratch", "load", "contents"]],
    ["extension of another version", { ...contents, extensions: { citext: "1.5" } }, {}, "failed", /citext 1.6, it has its version 1.5/, ["prove scratch", "load", "contents"]],
    ["contents that cannot be measured", contents, { contents: fails("connection lost") }, "failed", /^connection lost$/, ["prove scratch", "load", "contents"]],
  ])("%s: the target is closed, and the record says so", async (fault, found, changed, outcome, finding, calls) => {
    const target = scratchWith(found, changed);
    const { record } = await badCheck({ level: "restore" }, { store, openTarget: () => Promise.resolve(target) });
    expect(record.outcome).toBe(outcome);
    expect(record.findings.join("\n")).toMatch(finding);
    expect(target.calls).toEqual([...calls, "close"]);
    recordFault({ engine: "store", fault, happened: "the drill says why", exit: "error", evidence: outcome, alarm: outcome === "corrupted" ? "corrupted" : "check failed", left: "dump, manifest" });
  });

  it("whose smoke query fails is failed, with all that was the same", async () => {
    const { record } = await badCheck({ level: "restore", smoke: "select 1" }, { store, openTarget: () => Promise.resolve(scratchWith(contents, { ask: fails("no such view") })) });
    expect(record).toMatchObject({ outcome: "failed", findings: ["Expected the restored database to answer the smoke query, it did not: no such view"], restore: { sameCounts: 2, sameHashes: 2 } });
  });

  it("that reaches no target is failed", async () => {
    await expect(badCheck({ level: "restore" }, { store, openTarget: fails("refused") })).resolves.toMatchObject({ record: { outcome: "failed", findings: ["refused"] } });
  });

  it("takes bytes that were changed in the store for corrupted, whatever the load made of them", async () => {
    const flipped: TestStore = { ...store, async *read () {
      yield Buffer.from("all the raws");
    } };
    for (const changed of [{}, { load: fails("invalid block") }]) {
      const { record } = await badCheck(
        { level: "restore", scheduledAt: new Date(Date.parse(NOON) - ("load" in changed ? 1000 : 0)) }, { store: flipped, openTarget: () => Promise.resolve(scratchWith(contents, changed)) },
      );
      expect(record.outcome).toBe("corrupted");
      expect(record.findings[0]).toMatch(/they are not those that were backed up/);
    }
  });

  it("passes over a newest backup that is broken, restores the one before it, and still is not good", async () => {
    await store.put("campus/accounts/2026/11/20261123T080000Z/manifest.json", "{");
    const { record } = await badCheck({ level: "restore" }, { store, openTarget: () => Promise.resolve(scratchWith(contents)) });
    expect(record).toMatchObject({ outcome: "corrupted", backup: { runId: "20261123T020000Z" }, restore: { sameCounts: 2 } });
  });

  it("opens no target where there is no backup", async () => {
    const { record } = await badCheck({ level: "restore", source: "other" }, { store, openTarget: fails("Nobody may open a target.") });
    expect(record).toMatchObject({ outcome: "missing", findings: ["Expected a backup of other, there is none."] });
  });
});
