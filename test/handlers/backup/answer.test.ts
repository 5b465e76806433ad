import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { answer } from "../../../handlers/backup/answer.ts";
import type { BackupPorts } from "../../../handlers/backup/run.ts";
import { putBackup } from "../../support/handlers/backups.ts";
import { dumpWith, jobAt } from "../../support/handlers/dumps.ts";
import { makeStore, type TestStore } from "../../support/handlers/test-store.ts";
import { describeWithParts } from "../../support/parts.ts";
import { type S3Server, startS3 } from "../../support/servers/s3.ts";

const scheduledTime = "2026-11-23T02:00:00Z";
const folder = "campus/accounts/2026/11/20261123T020000Z/";
const manifestKey = `${folder}manifest.json`;
const job = jobAt(scheduledTime);

describeWithParts("a backup function", ["s3"], () => {
  let server: S3Server;
  let store: TestStore;
  beforeAll(async () => {
    server = await startS3();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    store = await makeStore(server);
  });

  const ask = (event: unknown, ports: Partial<BackupPorts> = {}) => answer(event, job, {
    store, attempt: "one", now: () => new Date("2026-11-23T02:10:00Z"), signal: new AbortController().signal, runner: "lambda",
    openDump: () => Promise.resolve(dumpWith([Buffer.from("all the rows")])), ...ports,
  });

  it("says where a run shall be: as declared before the first, by the newest sound backup after it", async () => {
    await expect(ask({ action: "plan", declared: "fargate" })).resolves.toMatchObject({ runner: "fargate" });
    await putBackup(store, { scheduledAt: "2026-11-20T02:00:00Z", manifest: { durationMilliseconds: 9 * 60_000 } });
    await putBackup(store, { scheduledAt: "2026-11-21T02:00:00Z" });
    await expect(ask({ action: "plan", declared: "fargate" })).resolves.toMatchObject({ runner: "lambda", because: expect.stringContaining("20261121T020000Z") as string });
    // Not the newest any more, without its dump.
    await store.put("campus/accounts/2026/11/20261121T020000Z/manifest.json", "{}");
    await expect(ask({ action: "plan", declared: "lambda" })).resolves.toMatchObject({ runner: "fargate", because: expect.stringContaining("20261120T020000Z") as string });
  });

  it.each([["the schedule's own event", {}], ["a request to run", { action: "run" }]])("backs up at %s, and says in the manifest where", async (_, request) => {
    await expect(ask({ ...request, scheduledTime })).resolves.toEqual({ outcome: "stored", manifestKey, bytes: 12 });
    expect(JSON.parse(await store.text(manifestKey))).toMatchObject({ runner: "lambda" });
    await expect(ask({ ...request, scheduledTime }, { attempt: "two" })).resolves.toEqual({ outcome: "already-stored", manifestKey });
    await expect(store.keys()).resolves.toEqual([manifestKey, `${folder}one.dump`]);
  });

  it("finds the backup of a run, with its size", async () => {
    await ask({ scheduledTime });
    await expect(ask({ action: "verify", scheduledTime })).resolves.toEqual({ outcome: "stored", manifestKey, bytes: 12 });
  });

  it("takes no program's word for a backup: without a manifest there is none", async () => {
    await store.put(`${folder}one.dump`, "all the rows");
    await expect(ask({ action: "verify", scheduledTime })).rejects.toThrow(`Expected the manifest ${manifestKey} after the run, the store has none`);
  });

  it.each([
    ["of fewer bytes", "all the row", "to have 12 bytes, it has 11"],
    ["of other bytes", "all the raws", "to have the CRC32"],
  ])("takes no manifest's word either: its dump is %s", async (_, rows, problem) => {
    const { dump } = await putBackup(store, { scheduledAt: scheduledTime });
    await store.put(dump, rows);
    await expect(ask({ action: "verify", scheduledTime })).rejects.toThrow(problem);
  });

  it("finds no backup in a manifest of another run", async () => {
    const { manifest } = await putBackup(store, { scheduledAt: "2026-11-22T02:00:00Z" });
    await store.put(manifestKey, await store.text(manifest));
    await expect(ask({ action: "verify", scheduledTime })).rejects.toThrow("to have the folder");
  });

  const late = { signal: AbortSignal.abort(new Error("the deadline")) };

  it("hands over what it has no time for, where a task can take it, and leaves nothing", async () => {
    await expect(ask({ action: "run", scheduledTime }, late)).resolves.toEqual({ outcome: "escalate", because: "A function's time was up before its dump was whole: the deadline" });
    await expect(store.keys()).resolves.toEqual([]);
  });

  it("fails where nobody can take it over", async () => {
    await expect(ask({ scheduledTime }, late)).rejects.toThrow("the deadline");
  });

  it("hands over nothing that failed before its time was up: it would fail in a task too", async () => {
    await expect(ask({ action: "run", scheduledTime }, { openDump: () => Promise.reject(new Error("password authentication failed")) })).rejects.toThrow("password authentication failed");
  });
});
