import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { evidenceKey } from "../../practice/contract/evidence.ts";
import { secondsAgo } from "../support/cloud/at-work.ts";
import { type DrillMachine, startDrillMachine } from "../support/cloud/drill-machine.ts";
import { type EndedDrill, endOfDrill } from "../support/cloud/ended-drill.ts";
import { within } from "../support/cloud/within.ts";
import { recordFault } from "../support/fault-matrix.ts";
import { scriptsFolder } from "../support/handlers/scripts.ts";
import { describeWithParts, programPath } from "../support/parts.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const BEGINS_LIMIT_SECONDS = 30;
/** In place of a restore, longer than any test lives. */
const HANGS = "exec sleep 100";
const SIXTY_DAYS = 60 * 86_400;

/** Each drill has a time of its own, and none is in the future. */
let age = 3600;
const nextTime = (): string => secondsAgo(age -= 60);

describeWithParts("a restore drill of PostgreSQL, from its schedule to its alarms", ["s3", "postgresql"], () => {
  let machine: DrillMachine;
  beforeAll(async () => {
    machine = await startDrillMachine("postgresql");
  });
  afterAll(() => machine.stop());

  let tonight: string;
  let drill: string;
  let before: number;
  beforeEach(async () => {
    await machine.forget();
    tonight = secondsAgo(7200);
    drill = nextTime();
    before = machine.tasks.ended.length;
  });
  afterEach(() => {
    machine.beside("a server");
    machine.tasks.hasten(1);
  });

  const run = async (at = drill): Promise<EndedDrill> => endOfDrill(await machine.execute(at));
  const tasks = (): readonly unknown[] => machine.tasks.ended.slice(before).map(({ code, signal }) => signal ?? code);
  const keyOf = (at = drill): string => evidenceKey({ system: "campus", source: "accounts", level: "restore" }, new Date(at));
  const noRecord = (ending: string): RegExp => new RegExp(`^Expected the drill of accounts at .* to have left its record ${keyOf()}, there is none: what it would have found is not known\\. Its task ended ${ending}`);

  it("restores the newest backup, writes down what it found, and raises nothing", async () => {
    await machine.backUp(tonight);
    const ended = await run();
    expect(ended).toMatchObject({ status: "SUCCEEDED", outcome: "restored", said: expect.stringMatching(/^Backup \S+ of accounts was restored in .* s, with 2 same counts and 2 same hashes\.$/) as string });
    await expect(machine.evidenceOf(drill)).resolves.toMatchObject({ outcome: "restored", findings: [], stack: "test", restore: { sameCounts: 2, sameHashes: 2 } });
    expect(tasks()).toEqual([0]);
    await expect(machine.raised()).resolves.toEqual([]);
  });

  it("delivered a second time changes nothing, and finds what the first one found", async () => {
    await machine.backUp(tonight);
    const first = await run();
    const versions = await machine.versions();
    await expect(run()).resolves.toEqual(first);
    await expect(machine.versions()).resolves.toEqual(versions);
    expect(machine.tasks.ended.at(-1)?.output).toContain('"recorded":"already-recorded"');
  });

  it("delivered a second time to a zone without room is no failure: its record is there", async () => {
    await machine.backUp(tonight);
    const first = await run();
    machine.tasks.refuse(2);
    await expect(run()).resolves.toEqual(first);
    expect(tasks()).toEqual([0]);
  });

  it("finds rows missing that pg_dump left out without a word, and says which", async () => {
    const lying = scriptsFolder({
      pg_dump: `[ "$1" = --version ] && exec ${programPath("postgresql", "pg_dump")} "$@"\nexec ${programPath("postgresql", "pg_dump")} --exclude-table-data=public.users "$@"`,
      psql: `exec ${programPath("postgresql", "psql")} "$@"`,
    });
    await machine.backUp(tonight, lying);
    const { said, ...ended } = await run();
    expect(ended).toEqual({ status: "FAILED", error: "corrupted" });
    expect(said).toMatch(/^Expected the check of accounts \(restore\) to end well, it says corrupted\. Expected public\.users to have 1000 rows, it has 0 rows\./);
    expect(said).toContain(`The evidence is ${keyOf()}.`);
    await expect(machine.evidenceOf(drill)).resolves.toMatchObject({ outcome: "corrupted" });
    // The second task only tells again what the first one found.
    expect(tasks()).toEqual([1, 1]);
    await expect(machine.raised()).resolves.toEqual(["corrupted", "failed-drill"]);
    expect(machine.told("failed-drill")).toMatch(/^P2: A drill of accounts did not end well.*Runbook: \S+\/drill-failed/s);
    expect(machine.told("corrupted")).toMatch(/Runbook: \S+\/corrupted/);
    recordFault({ engine: "postgresql", fault: "pg_dump leaves a table's rows out and ends with 0: the drill's state machine", happened: "public.users: 1000 rows expected, 0 there", exit: "error", evidence: "corrupted", alarm: "corrupted, drill failed", left: "dump, manifest" });
  });

  it("says that the server beside it never came up, and where its log is", async () => {
    await machine.backUp(tonight);
    machine.beside("nothing");
    machine.tasks.hasten(100);
    const { said, ...ended } = await run();
    expect(ended).toEqual({ status: "FAILED", error: "failed" });
    expect(said).toMatch(/Expected the scratch server beside this drill to answer within 300 s, it did not\. Its own log says why: the stream `scratch` of the task\. It said last: .*refused/s);
    await expect(machine.evidenceOf(drill)).resolves.toMatchObject({ outcome: "failed" });
    await expect(machine.raised()).resolves.toEqual(["failed-drill"]);
    recordFault({ engine: "postgresql", fault: "the server beside a drill ends at once", happened: "did not answer within 300 s", exit: "error", evidence: "failed", alarm: "drill failed", left: "dump, manifest" });
  });

  it("whose task is killed once is made by a second task", async () => {
    await machine.backUp(tonight);
    machine.restoring.next(HANGS);
    const ended = await machine.start(drill);
    await within(BEGINS_LIMIT_SECONDS, "the restore to begin", () => (machine.restoring.isDone() ? true : undefined));
    machine.tasks.kill("SIGKILL");
    expect(endOfDrill(await ended())).toMatchObject({ status: "SUCCEEDED", outcome: "restored" });
    expect(tasks()).toEqual(["SIGKILL", 0]);
    await expect(machine.raised()).resolves.toEqual([]);
    recordFault({ engine: "postgresql", fault: "the task of a drill is killed: its state machine", happened: "a second task makes the same drill", exit: "good", evidence: "restored, once", alarm: "none", left: "dump, manifest" });
  });

  it("whose task is killed each time says so, with what ECS says of it, and leaves no evidence", async () => {
    await machine.backUp(tonight);
    machine.restoring.always("kill -9 $PPID; exit 137");
    const { said, ...ended } = await run();
    machine.restoring.never();
    expect(ended).toEqual({ status: "FAILED", error: "not-recorded" });
    expect(said).toMatch(noRecord("so: States.TaskFailed, Essential container in task exited; code: exit code 0; task: exit code 137, OutOfMemoryError"));
    expect(tasks()).toEqual(["SIGKILL", "SIGKILL"]);
    await expect(machine.evidenceOf(drill)).resolves.toBeUndefined();
    await expect(machine.raised()).resolves.toEqual(["failed-drill"]);
    recordFault({ engine: "postgresql", fault: "both tasks of a drill are killed (137)", happened: "no record; how ECS says that it ended", exit: "error", evidence: "none", alarm: "drill failed", left: "dump, manifest" });
  });

  it("takes nobody's word for it: a task that ended with 0 and wrote nothing down was no drill", async () => {
    // The first trace of a backup is so old that a drill should have been good by now.
    await machine.backUp(secondsAgo(SIXTY_DAYS));
    await machine.replaceTask("export const task = async () => undefined;");
    const { said, ...ended } = await run();
    await machine.replaceTask();
    expect(ended).toEqual({ status: "FAILED", error: "not-recorded" });
    expect(said).toMatch(noRecord("with 0 all the same\\.$"));
    expect(tasks()).toEqual([0]);
    await expect(machine.raised()).resolves.toEqual(["failed-drill", "unverified-restore"]);
    expect(machine.told("unverified-restore")).toMatch(/Runbook: \S+\/unverified-restore/);
    recordFault({ engine: "postgresql", fault: "the task of a drill ends with 0 and writes nothing down", happened: "Expected the drill to have left its record", exit: "error", evidence: "none", alarm: "drill failed, unverified", left: "dump, manifest" });
  });

  it("that passes its time limit is stopped, started once more, and says in the end that its time was up", async () => {
    await machine.backUp(tonight);
    const running = await machine.start(drill);
    for (const _ of ["first", "second"]) {
      machine.restoring.next(HANGS);
      await within(BEGINS_LIMIT_SECONDS, "the restore to begin", () => (machine.restoring.isDone() ? true : undefined));
      machine.tasks.passLimit();
    }
    const { said, ...ended } = endOfDrill(await running());
    expect(ended).toEqual({ status: "FAILED", error: "not-recorded" });
    expect(said).toMatch(noRecord("so: States\\.Timeout"));
    await within(BEGINS_LIMIT_SECONDS, "the second task to have stopped", () => (tasks().length === 2 ? true : undefined));
    expect(machine.tasks.ended.slice(before).map(({ output }) => output.includes("told to stop (SIGTERM)"))).toEqual([true, true]);
    await expect(machine.evidenceOf(drill)).resolves.toBeUndefined();
    await expect(machine.raised()).resolves.toEqual(["failed-drill"]);
    recordFault({ engine: "postgresql", fault: "a drill passes its time limit, twice", happened: "told to stop; no record, States.Timeout", exit: "error", evidence: "none", alarm: "drill failed", left: "dump, manifest" });
  });

  it("that finds no room in the zone is started ten minutes later", async () => {
    await machine.backUp(tonight);
    machine.tasks.refuse(1);
    await expect(run()).resolves.toMatchObject({ status: "SUCCEEDED", outcome: "restored" });
    await expect(machine.raised()).resolves.toEqual([]);
  });

  it("that finds no room twice says so in the words of ECS", async () => {
    await machine.backUp(tonight);
    machine.tasks.refuse(2);
    const { said, ...ended } = await run();
    expect(ended).toEqual({ status: "FAILED", error: "not-recorded" });
    expect(said).toMatch(noRecord("so: ECS\\.AmazonECSException, Capacity is unavailable at this time"));
    expect(tasks()).toEqual([]);
    await expect(machine.raised()).resolves.toEqual(["failed-drill"]);
    recordFault({ engine: "postgresql", fault: "ECS has no room for the task of a drill, twice", happened: "Capacity is unavailable at this time", exit: "error", evidence: "none", alarm: "drill failed", left: "dump, manifest" });
  });

  it("without a backup says that there is none", async () => {
    await expect(run()).resolves.toMatchObject({ status: "FAILED", error: "missing", said: expect.stringContaining("Expected a backup of accounts, there is none.") as string });
    await expect(machine.evidenceOf(drill)).resolves.toMatchObject({ outcome: "missing" });
  });
});
