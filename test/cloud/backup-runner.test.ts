import { GetObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import type { BackupManifest } from "../../practice/contract/manifest.ts";
import { manifestKey, runIdOf, runPrefix } from "../../practice/contract/store.ts";
import { secondsAgo } from "../support/cloud/at-work.ts";
import { type BackupMachine, startBackupMachine } from "../support/cloud/backup-machine.ts";
import { within } from "../support/cloud/within.ts";
import { recordFault } from "../support/fault-matrix.ts";
import { putBackup } from "../support/handlers/backups.ts";
import { storeIn } from "../support/handlers/test-store.ts";
import { describeWithParts } from "../support/parts.ts";

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const GIBIBYTE = 1024 ** 3;
const LAMBDA_SECONDS = 900;
/** A function keeps 45 s of its time for stopping. */
const SHORT_SECONDS = 48;
/** More than a part of an upload, and then silence. */
const HANGS = "head -c 20000000 /dev/urandom; exec sleep 80";
const BEGINS_LIMIT_SECONDS = 30;

const diesInRuns = `export const handler = async ({ action }) =>
  action === "plan" ? { runner: "lambda", because: "It was small." } : process.kill(process.pid, "SIGKILL");`;

describeWithParts("a backup that may be too large for its function", ["s3", "postgresql"], () => {
  let machine: BackupMachine;
  beforeAll(async () => {
    machine = await startBackupMachine();
  });
  afterAll(() => machine.stop());

  /** Each test's run is newer than the one before it, and none in the future. */
  let age = 3600;
  let scheduledTime: string;
  let prefix: string;
  beforeEach(() => {
    age -= 60;
    scheduledTime = secondsAgo(age);
    prefix = runPrefix("campus", "accounts", new Date(scheduledTime));
  });

  const manifest = async (): Promise<BackupManifest> => {
    const { Body } = await machine.clients.s3.send(new GetObjectCommand({ Bucket: machine.bucket, Key: manifestKey(prefix) }));
    return JSON.parse(await Body?.transformToString() ?? "") as BackupManifest;
  };
  /** Keys of this run, and of what it did not finish. */
  const left = async (): Promise<readonly string[]> => [
    ...(await machine.versions()).map((version) => version.split(" ")[0] ?? ""), ...(await machine.unfinished()).map((key) => `unfinished ${key}`),
  ].filter((key) => key.includes(prefix));
  const succeeds = async (ended: ReturnType<BackupMachine["execute"]>): Promise<Readonly<Record<string, unknown>>> => {
    const { status, output, error, cause } = await ended;
    expect({ status, error, cause }).toEqual({ status: "SUCCEEDED", error: undefined, cause: undefined });
    return JSON.parse(output ?? "") as Readonly<Record<string, unknown>>;
  };
  /** A run that made the newest backup: by it, the next is a task's or a function's. */
  const lastRun = (gibibytes: number, secondsAfter = -30): Promise<unknown> => putBackup(storeIn(machine.clients.s3, machine.bucket), {
    scheduledAt: new Date(Date.parse(scheduledTime) + secondsAfter * 1000).toISOString(), manifest: { stack: "test", dumpBytes: gibibytes * GIBIBYTE },
  });
  const wasLarge = (): Promise<unknown> => lastRun(30);
  const ofTasks = (): number => machine.tasks.ended.length;
  const aWholeBackup = async (runner: BackupManifest["runner"]): Promise<void> => {
    const { object, runId, ...made } = await manifest();
    expect({ runId, runner: made.runner, counts: made.counts }).toEqual({ runId: runIdOf(new Date(scheduledTime)), runner, counts: { "public.users": 1000 } });
    expect((await left()).toSorted()).toEqual([object.key, manifestKey(prefix)].toSorted());
  };

  it("is made by the function where nothing was measured and little declared, and reported with the reason", async () => {
    const reported = await succeeds(machine.execute(scheduledTime));
    expect(reported).toEqual({
      outcome: "stored", manifestKey: manifestKey(prefix), bytes: (await manifest()).object.bytes, runner: "lambda",
      because: "No run was measured yet, and the declared 4 GiB are within the 20 GiB of a function.",
    });
    expect(ofTasks()).toBe(0);
    await aWholeBackup("lambda");
  });

  it("changes nothing when the same run is delivered a second time", async () => {
    await succeeds(machine.execute(scheduledTime));
    const before = await machine.versions();
    await expect(succeeds(machine.execute(scheduledTime))).resolves.toMatchObject({ outcome: "stored", manifestKey: manifestKey(prefix) });
    await expect(machine.versions()).resolves.toEqual(before);
  });

  it("is made by a task when the last run was too large for the function; a second delivery changes nothing there either", async () => {
    await wasLarge();
    const before = ofTasks();
    const reported = await succeeds(machine.execute(scheduledTime));
    expect(reported).toMatchObject({ runner: "fargate", because: expect.stringMatching(/read 30 GiB in .* more than the 20 GiB or 8 minutes of a function\.$/) as string });
    expect(machine.tasks.ended.slice(before)).toMatchObject([{ code: 0, signal: null }]);
    await aWholeBackup("fargate");
    const versions = await machine.versions();
    // What was just made was small; a task is to make it again all the same.
    await lastRun(30, 20);
    await succeeds(machine.execute(scheduledTime));
    expect(ofTasks()).toBe(before + 2);
    expect((await machine.versions()).filter((version) => version.includes(prefix))).toEqual(versions.filter((version) => version.includes(prefix)));
  });

  it("is handed over to a task by a function that would pass its deadline, which leaves nothing of its own", async () => {
    await lastRun(3);
    await machine.giveFunction(SHORT_SECONDS);
    machine.inFunction.next(HANGS);
    const before = ofTasks();
    const reported = await succeeds(machine.execute(scheduledTime));
    await machine.giveFunction(LAMBDA_SECONDS);
    expect(machine.inFunction.isDone()).toBe(true);
    expect(reported).toMatchObject({ outcome: "stored", runner: "fargate", because: expect.stringMatching(/^A function's time was up before its dump was whole: Expected the run to end 45 s before/) as string });
    expect(ofTasks()).toBe(before + 1);
    await aWholeBackup("fargate");
    recordFault({
      engine: "postgresql", fault: "source larger than planned: Lambda's deadline", happened: "a function's time was up: handed over to a task",
      exit: "stored", evidence: "manifest of the task", alarm: "none", left: "the task's dump, nothing else",
    });
  });

  it("is taken over by a task when Lambda itself ends the function, which is not called again", async () => {
    await lastRun(3);
    await machine.replaceFunction(diesInRuns);
    const before = ofTasks();
    const ended = machine.execute(scheduledTime);
    await within(BEGINS_LIMIT_SECONDS, "a task to have ended", async () => Promise.resolve(ofTasks() > before ? true : undefined))
      // The function is asked for the manifest afterwards, 30 s later for the second time.
      .finally(() => machine.replaceFunction());
    expect(await succeeds(ended)).toMatchObject({ outcome: "stored", runner: "fargate", because: expect.stringMatching(/^Lambda ended the function before its dump was whole: /) as string });
    expect(ofTasks()).toBe(before + 1);
    await aWholeBackup("fargate");
    recordFault({
      engine: "postgresql", fault: "the function killed by Lambda", happened: "its process was gone: a task took over",
      exit: "stored", evidence: "manifest of the task", alarm: "none", left: "the task's dump, nothing else",
    });
  });

  it("fails when its task fails twice, and stores nothing", async () => {
    await wasLarge();
    const before = ofTasks();
    machine.inTask.always("echo 'disk on fire' >&2; exit 3");
    const ended = await machine.execute(scheduledTime);
    machine.inTask.never();
    expect(ended).toMatchObject({ status: "FAILED", error: "States.TaskFailed" });
    expect(machine.tasks.ended.slice(before).map(({ code, output }) => [code, output.includes("disk on fire")])).toEqual([[1, true], [1, true]]);
    await expect(left()).resolves.toEqual([]);
    recordFault({ engine: "postgresql", fault: "the task's pg_dump fails, twice", happened: "disk on fire", exit: "error", evidence: "no manifest", alarm: "failed, then age", left: "nothing" });
  });

  it("takes nobody's word for it: a task that ended well without a manifest made no backup", async () => {
    await wasLarge();
    await machine.replaceTask("export const task = async () => undefined;");
    const before = ofTasks();
    const ended = await machine.execute(scheduledTime);
    await machine.replaceTask();
    expect(ended).toMatchObject({ status: "FAILED", cause: expect.stringContaining(`Expected the manifest ${manifestKey(prefix)} after the run, the store has none`) as string });
    expect(machine.tasks.ended.slice(before)).toMatchObject([{ code: 0 }]);
    await expect(left()).resolves.toEqual([]);
    recordFault({ engine: "postgresql", fault: "the task ends with 0 and without a manifest", happened: "Expected the manifest after the run", exit: "error", evidence: "no manifest", alarm: "failed, then age", left: "nothing" });
  });

  it.each([
    ["told to stop, as Fargate does before it takes a machine away", "SIGTERM", "nothing else"],
    ["killed with all that it started", "SIGKILL", "parts of the first's upload"],
  ] as const)("is made by a second task when the first is %s", async (_, signal, leaves) => {
    await wasLarge();
    machine.inTask.next(HANGS);
    const before = ofTasks();
    const ended = await machine.start(scheduledTime);
    await within(BEGINS_LIMIT_SECONDS, "the task to have begun its upload", async () => ((await left()).length > 0 ? true : undefined));
    machine.tasks.kill(signal);
    await expect(succeeds(ended())).resolves.toMatchObject({ outcome: "stored", runner: "fargate" });
    expect(machine.tasks.ended.slice(before)).toMatchObject([signal === "SIGTERM" ? { code: 1, output: expect.stringContaining("told to stop (SIGTERM)") as string } : { signal }, { code: 0 }]);
    const unfinished = (await left()).filter((key) => key.startsWith("unfinished"));
    expect(unfinished).toHaveLength(signal === "SIGTERM" ? 0 : 1);
    if (signal === "SIGTERM") await aWholeBackup("fargate");
    recordFault({
      engine: "postgresql", fault: `the task gets ${signal} in mid-dump`, happened: "a second task makes the same run",
      exit: "stored", evidence: "manifest of the second", alarm: "none", left: `its dump, and ${leaves}`,
    });
  });

  it("ends without a runner that it knows: nothing is the default", async () => {
    await machine.replaceFunction(`export const handler = async () => ({ runner: "batch", because: "someone said so" });`);
    const ended = await machine.execute(scheduledTime);
    await machine.replaceFunction();
    expect(ended).toMatchObject({ status: "FAILED", error: "States.NoChoiceMatched" });
    await expect(left()).resolves.toEqual([]);
  });
});
