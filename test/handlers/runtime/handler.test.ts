import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { deadlineSignal } from "../../../handlers/runtime/deadline.ts";
import { makeHandler, type Run } from "../../../handlers/runtime/handler.ts";
import type { LogLine } from "../../../handlers/runtime/log.ts";

let lines: LogLine[];
const log = (line: LogLine): void => void lines.push(line);
const context = (remainingMilliseconds = 900_000) => ({ awsRequestId: "request-1", getRemainingTimeInMillis: () => remainingMilliseconds });

beforeEach(() => {
  lines = [];
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount(), "no timer keeps the function alive").toBe(0);
  vi.useRealTimers();
});

it("logs a line in and a line out, with the result and never the event", async () => {
  const handler = makeHandler("backup", (event: { readonly secret: string }) => Promise.resolve({ bytes: event.secret.length }), log);
  await expect(handler({ secret: "hunter2" }, context())).resolves.toEqual({ bytes: 7 });
  expect(lines).toMatchObject([
    { level: "info", handler: "backup", requestId: "request-1", message: "started" },
    { level: "info", handler: "backup", requestId: "request-1", message: "finished", result: { bytes: 7 } },
  ]);
  expect(JSON.stringify(lines)).not.toContain("hunter2");
});

it("throws a failure on as it was, and logs it", async () => {
  const failure = new Error("the dump is empty");
  const handler = makeHandler("backup", () => Promise.reject(failure), log);
  await expect(handler({}, context())).rejects.toBe(failure);
  expect(lines.at(-1)).toMatchObject({ level: "error", message: "the dump is empty" });
});

it("fails also when the plain function throws before it waits for anything", async () => {
  const handler = makeHandler("backup", () => {
    throw new Error("no environment");
  }, log);
  await expect(handler({}, context())).rejects.toThrow("no environment");
});

it("aborts 45 s before the function ends, with an error that says what to change", async () => {
  const handler = makeHandler("backup", (_: unknown, { signal }: Run) => new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error));
  }), log);
  const late = handler({}, context(60_000));
  const ended = expect(late).rejects.toThrow("Expected the run to end 45 s before the function's timeout");
  await vi.advanceTimersByTimeAsync(14_999);
  expect(lines).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  await ended;
});

it("has aborted already when less than 45 s are left", () => {
  const { signal } = deadlineSignal(context(44_000));
  expect(signal.aborted).toBe(true);
});
