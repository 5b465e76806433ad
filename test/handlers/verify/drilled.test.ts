import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { drilledFrom, findDrill } from "../../../handlers/verify/drilled.ts";
import { putRecord } from "../../support/handlers/evidence.ts";
import { makeStore, type TestStore } from "../../support/handlers/test-store.ts";
import { describeWithParts } from "../../support/parts.ts";
import { type S3Server, startS3 } from "../../support/servers/s3.ts";

const AT = "2026-11-01T06:00:00Z";
const KEY = "campus/evidence/accounts/2026/11/20261101T060000Z-restore.json";
const scheduledAt = new Date(AT);
const job = { system: "campus", source: "accounts" };
const backup = { runId: "20261101T020000Z", attempt: "one", scheduledAt: "2026-11-01T02:00:00.000Z", key: "dump", versionId: "v", sha256: "0" };

describeWithParts("what was written down of a drill", ["s3"], () => {
  let server: S3Server;
  let store: TestStore;
  beforeAll(async () => {
    server = await startS3();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    store = await makeStore(server);
  });

  it("is asked for by a state machine alone; a schedule asks for a check", () => {
    expect(drilledFrom({ action: "drilled", run: { scheduledTime: AT } })).toEqual({ scheduledAt });
    expect(drilledFrom({ action: "drilled", run: { scheduledTime: AT, ended: { Error: "States.Timeout", Cause: "" } } })).toEqual({ scheduledAt, ended: { error: "States.Timeout", cause: "" } });
    expect(drilledFrom({ action: "drilled", run: { scheduledTime: AT, ended: { Error: "States.Timeout" } } })).toEqual({ scheduledAt, ended: { error: "States.Timeout" } });
    expect(drilledFrom({ scheduledTime: AT, level: "decode" })).toBeUndefined();
    expect(() => drilledFrom({ action: "drilled" })).toThrow("Expected the event's scheduledTime to hold");
  });

  it("is told in a sentence when it is good, whatever the task says of its end", async () => {
    await putRecord(store, AT, { level: "restore", outcome: "restored", backup, restore: { target: "scratch", durationMilliseconds: 61_480, ageSeconds: 14_400, sameCounts: 2, sameHashes: 1 } });
    await expect(findDrill(store, job, { scheduledAt, ended: { error: "ECS.AmazonECSException", cause: "Capacity is unavailable at this time." } })).resolves.toEqual({
      outcome: "restored", key: KEY, said: "Backup 20261101T020000Z of accounts was restored in 61.5 s, with 2 same counts and 1 same hashes.",
    });
  });

  it("is told with every finding when it is not", async () => {
    await putRecord(store, AT, { level: "restore", outcome: "corrupted", findings: ["Expected public.users to have 3 rows, it has 2 rows."], backup });
    await expect(findDrill(store, job, { scheduledAt })).resolves.toEqual({
      outcome: "corrupted", key: KEY,
      said: `Expected the check of accounts (restore) to end well, it says corrupted. Expected public.users to have 3 rows, it has 2 rows. The evidence is ${KEY}.`,
    });
  });

  it("is cut where no execution could hold it", async () => {
    await putRecord(store, AT, { level: "restore", outcome: "failed", findings: ["x".repeat(100_000)], backup });
    const { said } = await findDrill(store, job, { scheduledAt });
    expect([said.length, said.at(-1)]).toEqual([8_000, "…"]);
  });

  it.each([
    ["a container that was killed", "States.TaskFailed", JSON.stringify({
      StoppedReason: "Essential container in task exited",
      Containers: [{ Name: "code", ExitCode: 0 }, { Name: "scratch" }, { Name: "task", ExitCode: 137, Reason: "OutOfMemoryError: Container killed due to memory usage" }], Cpu: "2048",
    }), "States.TaskFailed, Essential container in task exited; code: exit code 0; scratch: no exit code; task: exit code 137, OutOfMemoryError: Container killed due to memory usage."],
    ["no room for a task", "ECS.AmazonECSException", "Capacity is unavailable at this time.", "ECS.AmazonECSException, Capacity is unavailable at this time."],
    ["the time limit, of which nothing more is said", "States.Timeout", "", "States.Timeout."],
    ["JSON that tells of something else", "States.TaskFailed", "[1]", "States.TaskFailed, [1]."],
  ])("is not there after %s: then it is told how the task ended", async (_, error, cause, ending) => {
    const { outcome, said } = await findDrill(store, job, { scheduledAt, ended: { error, cause } });
    expect(outcome).toBe("not-recorded");
    expect(said).toBe(`Expected the drill of accounts at 2026-11-01T06:00:00.000Z to have left its record ${KEY}, there is none: what it would have found is not known. Its task ended so: ${ending}`);
  });

  it("is not there after a task that ended with 0, and that is no success", async () => {
    await expect(findDrill(store, job, { scheduledAt })).resolves.toMatchObject({ outcome: "not-recorded", said: expect.stringMatching(/Its task ended with 0 all the same\.$/) as string });
  });

  it("fails when something else lies in its place", async () => {
    await store.put(KEY, "{}");
    await expect(findDrill(store, job, { scheduledAt })).rejects.toThrow(`Expected ${KEY} to be a record of evidence`);
  });
});
