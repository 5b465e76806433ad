import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { listEvidence } from "../../../handlers/store/evidence.ts";
import { runVerification } from "../../../handlers/verify/run.ts";
import { putBackup } from "../../support/handlers/backups.ts";
import { badCheck, check, checkJob, NOON } from "../../support/handlers/checks.ts";
import { makeStore, type TestStore } from "../../support/handlers/test-store.ts";
import { describeWithParts } from "../../support/parts.ts";
import { type S3Server, startS3 } from "../../support/servers/s3.ts";

const TONIGHT = "2026-11-23T02:00:00Z";
const KEY = "campus/evidence/accounts/2026/11/20261123T120000Z-checksums.json";

describeWithParts("a check", ["s3"], () => {
  let server: S3Server;
  let store: TestStore;
  beforeAll(async () => {
    server = await startS3();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    store = await makeStore(server);
  });

  it("leaves a record that names what was checked, when and with what end", async () => {
    await putBackup(store, { scheduledAt: TONIGHT });
    const { recorded, key, record } = await check({}, { store });
    expect([recorded, key]).toEqual(["recorded", KEY]);
    expect(record).toEqual({
      version: 1, system: "campus", stack: "prod", source: "accounts", level: "checksums", checkId: "20261123T120000Z",
      startedAt: "2026-11-23T12:00:00.000Z", finishedAt: "2026-11-23T12:00:00.000Z", outcome: "verified", findings: [],
      backup: {
        runId: "20261123T020000Z", attempt: "one", scheduledAt: "2026-11-23T02:00:00.000Z", versionId: "v",
        key: "campus/accounts/2026/11/20261123T020000Z/one.dump", sha256: createHash("sha256").update("all the rows").digest("hex"),
      },
    });
    await expect(listEvidence(store, "campus", "accounts")).resolves.toEqual({ records: [record], foreign: [] });
  });

  it("writes its evidence before it fails, and fails with the words of the evidence", async () => {
    const { record, message } = await badCheck({}, { store });
    expect(record).toMatchObject({ outcome: "missing", findings: ["Expected a backup of accounts, there is none."] });
    expect(message).toBe(`Expected the check of accounts (checksums) to end well, it says missing. Expected a backup of accounts, there is none. The evidence is ${KEY}.`);
    await expect(listEvidence(store, "campus", "accounts")).resolves.toEqual({ records: [record], foreign: [] });
  });

  it("that is delivered twice changes nothing the second time, and a bad end is bad again", async () => {
    const first = await badCheck({}, { store });
    await putBackup(store, { scheduledAt: TONIGHT });
    await expect(badCheck({}, { store, now: () => new Date("2026-11-23T12:20:00Z") })).resolves.toEqual(first);
  });

  it("that is delivered twice at once leaves one record, which both report", async () => {
    await putBackup(store, { scheduledAt: TONIGHT });
    // Both look for a record before either writes one.
    let looking = 0;
    let bothLooked: () => void = () => undefined;
    const both = new Promise<void>((resolve) => {
      bothLooked = resolve;
    });
    const facts: TestStore["facts"] = async (key) => {
      const found = await store.facts(key);
      if (key !== KEY) return found;
      looking += 1;
      if (looking === 2) bothLooked();
      await both;
      return found;
    };
    let minute = 0;
    const now = (): Date => new Date(Date.parse(NOON) + (minute++) * 60_000);
    const reports = await Promise.all([check({}, { store: { ...store, facts }, now }), check({}, { store: { ...store, facts }, now })]);
    expect(reports.map(({ recorded }) => recorded).toSorted()).toEqual(["already-recorded", "recorded"]);
    expect(reports[0].record).toEqual(reports[1].record);
    await expect(listEvidence(store, "campus", "accounts")).resolves.toEqual({ records: [reports[0].record], foreign: [] });
  });

  it("of two levels leaves two records", async () => {
    await putBackup(store, { scheduledAt: TONIGHT, versionId: "" });
    await check({}, { store });
    await check({ level: "decode" }, { store, decode: async (dump) => {
      for await (const chunk of dump) void chunk;
      return {};
    } });
    const { records } = await listEvidence(store, "campus", "accounts");
    expect(records.map(({ level }) => level)).toEqual(["decode", "checksums"]);
  });

  it("whose record cannot be written fails, and claims none", async () => {
    await putBackup(store, { scheduledAt: TONIGHT });
    await expect(check({}, { store: { ...store, create: () => Promise.reject(new Error("no answer")) } })).rejects.toThrow("no answer");
    await expect(listEvidence(store, "campus", "accounts")).resolves.toEqual({ records: [], foreign: [] });
  });

  it("that is told to stop before it began does nothing", async () => {
    const refusing = new Proxy({} as TestStore, { get: (_, name) => { throw new Error(`Nobody taught the store ${String(name)}.`); } });
    await expect(runVerification(checkJob(), { store: refusing, now: () => new Date(NOON), signal: AbortSignal.abort(new Error("stop")) })).rejects.toThrow("stop");
  });

  it("that runs out of time says so in its record: failed, not corrupted", async () => {
    await putBackup(store, { scheduledAt: TONIGHT, versionId: "" });
    const controller = new AbortController();
    const { record } = await badCheck({ level: "decode" }, { store, signal: controller.signal, decode: (_, signal) => {
      controller.abort(new Error("Expected the run to end before the function's timeout."));
      return Promise.reject(signal.reason as Error);
    } });
    expect(record).toMatchObject({ outcome: "failed", findings: ["Expected the run to end before the function's timeout."] });
  });

  it("without what its level needs is failed, and says what was to be given", async () => {
    await expect(badCheck({ level: "decode" }, { store })).resolves.toMatchObject({ record: { outcome: "failed", findings: ["Expected a decoder for the level decode, none was given."] } });
    await expect(badCheck({ level: "restore" }, { store })).resolves.toMatchObject({ record: { outcome: "failed", findings: ["Expected a scratch database for the level restore, none was given."] } });
  });
});
