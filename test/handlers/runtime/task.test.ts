import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipSync } from "fflate";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { LogLine } from "../../../handlers/runtime/log.ts";
import type { TaskProcess } from "../../../handlers/runtime/stop-request.ts";
import { makeTask, type TaskRun } from "../../../handlers/runtime/task.ts";

const scheduled = { UPKEEP_SCHEDULED_TIME: "2026-11-23T02:00:00Z" };
const MINUTE = 60_000;

class FakeProcess implements TaskProcess {
  readonly env: Readonly<Record<string, string>>;
  exitCode: number | string | null | undefined = undefined;
  readonly exits: number[] = [];
  readonly listeners: (() => void)[] = [];
  constructor(env: Readonly<Record<string, string>>) {
    this.env = env;
  }
  readonly exit = (code: number): void => void this.exits.push(code);
  readonly on = (_: "SIGTERM", listener: () => void): void => void this.listeners.push(listener);
  readonly off = (_: "SIGTERM", listener: () => void): void => void this.listeners.splice(this.listeners.indexOf(listener), 1);
  terminate(): void {
    for (const listener of this.listeners) listener();
  }
}

let lines: LogLine[];
let folder: string;
const log = (line: LogLine): void => void lines.push(line);
const start = <Result>(program: (run: TaskRun) => Promise<Result>, env: Readonly<Record<string, string>> = scheduled): { own: FakeProcess; ended: Promise<void> } => {
  const own = new FakeProcess(env);
  return { own, ended: makeTask("backup", program, { process: own, folder, log })() };
};
/** What watches its signal, as every program has to. */
const untilStopped = ({ signal }: TaskRun): Promise<never> => new Promise((_, reject) => {
  signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
});
const started = (program: (run: TaskRun) => Promise<unknown>): { readonly begun: Promise<void>; readonly program: (run: TaskRun) => Promise<unknown> } => {
  let begin: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  return { begun, program: (run) => {
    begin();
    return program(run);
  } };
};

beforeEach(() => {
  lines = [];
  folder = mkdtempSync(join(tmpdir(), "task-"));
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

it("gives the schedule's own time and the tools, logs a line in and a line out, and ends with 0", async () => {
  const { own, ended } = start(({ scheduledAt, tools }) => Promise.resolve({ at: scheduledAt.toISOString(), tools }), { ...scheduled, UPKEEP_TOOLS: "/programs" });
  expect(own.exitCode, "a process that dies before its end").toBe(1);
  await ended;
  expect(own.exitCode).toBe(0);
  expect(lines).toMatchObject([
    { level: "info", handler: "backup", message: "started" },
    { level: "info", handler: "backup", message: "finished", result: { at: "2026-11-23T02:00:00.000Z", tools: "/programs" } },
  ]);
  expect(own.listeners).toEqual([]);
});

it("ends with 1 when the program fails, and logs how", async () => {
  const { own, ended } = start(() => Promise.reject(new Error("the dump is empty")));
  await ended;
  expect(own.exitCode).toBe(1);
  expect(lines.at(-1)).toMatchObject({ level: "error", handler: "backup", message: "the dump is empty" });
});

it("begins nothing without the schedule's own time", async () => {
  const { own, ended } = start(() => Promise.reject(new Error("must not be asked")), {});
  await ended;
  expect(own.exitCode).toBe(1);
  expect(lines.at(-1)?.message).toBe("Expected UPKEEP_SCHEDULED_TIME to hold the schedule's own time, such as 2026-11-23T02:00:00Z, it is missing.");
});

it("stops when it is told to, and ends with 1", async () => {
  const { begun, program } = started(untilStopped);
  const { own, ended } = start(program);
  await begun;
  own.terminate();
  own.terminate();
  await ended;
  expect(own.exitCode).toBe(1);
  expect(lines.at(-1)?.message).toMatch(/^Expected the task to run to its end, it was told to stop \(SIGTERM\)\. Start it again/);
  await vi.advanceTimersByTimeAsync(9_999);
  expect(own.exits).toEqual([]);
});

it("stops after 12 hours", async () => {
  const { begun, program } = started(untilStopped);
  const { own, ended } = start(program);
  await begun;
  await vi.advanceTimersByTimeAsync(12 * 60 * MINUTE - 1);
  expect(lines).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  await ended;
  expect(own.exitCode).toBe(1);
  expect(lines.at(-1)?.message).toMatch(/^Expected the task to end within 12 hours/);
});

it("says so and ends before the kill when something does not stop", async () => {
  const { begun, program } = started(() => new Promise(() => undefined));
  const { own } = start(program);
  await begun;
  own.terminate();
  await vi.advanceTimersByTimeAsync(110_000 - 1);
  expect(own.exits).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(own.exits).toEqual([1]);
  expect(lines.at(-1)?.message).toBe("Expected everything to stop within 110 s, it did not: what it began may be left behind.");
});

it("does not let a connection that stays open keep a finished process", async () => {
  const { own, ended } = start(() => Promise.resolve("done"));
  await ended;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(own.exits).toEqual([0]);
});

it("runs the programs of the archive beside it, and none of another folder", async () => {
  writeFileSync(join(folder, "tools.zip"), zipSync({ "bin/pg_dump": [Buffer.from("#!/bin/sh\n"), { os: 3, attrs: 0o100755 * 2 ** 16 }] }));
  const { own, ended } = start(({ tools }) => Promise.resolve(tools), { ...scheduled, UPKEEP_TOOLS: "/programs" });
  await ended;
  expect(own.exitCode).toBe(0);
  expect(lines.at(-1)?.result).toMatch(/upkeep-.*\/bin$/);
});

it("runs nothing when the archive cannot be unpacked", async () => {
  writeFileSync(join(folder, "tools.zip"), "cut off");
  const { own, ended } = start(() => Promise.reject(new Error("must not be asked")));
  await ended;
  expect(own.exitCode).toBe(1);
  expect(lines.at(-1)?.message).toMatch(/^Expected .*tools\.zip to hold the database programs as their layer does, it does not: .*npm run tools/);
});
