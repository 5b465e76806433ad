import { expect, it } from "vitest";
import { readRequest } from "../../../handlers/backup/request.ts";

const scheduledTime = "2026-11-23T02:00:00Z";
const scheduledAt = new Date(scheduledTime);

it.each([
  ["the plain event of a schedule: a run that nobody takes over", { scheduledTime }, { action: "run", scheduledAt, mayHandOver: false }],
  ["a run that a task can take over", { action: "run", scheduledTime }, { action: "run", scheduledAt, mayHandOver: true }],
  ["a look at what a run left", { action: "verify", scheduledTime }, { action: "verify", scheduledAt }],
  ["a question where a run shall be, which has no time yet", { action: "plan", declared: "fargate" }, { action: "plan", declared: "fargate" }],
])("reads %s", (_, event, request) => {
  expect(readRequest(event)).toEqual(request);
});

it.each([
  ["an action that nobody knows", { action: "restore", scheduledTime }, "Expected the event's action to be plan, run or verify, or none, it is \"restore\"."],
  ["an action that is nothing", { action: null, scheduledTime }, "it is null."],
  ["a runner that nobody knows", { action: "plan", declared: "batch" }, "Expected the event's declared to be one of lambda, fargate, it is \"batch\"."],
  ["no runner", { action: "plan" }, "it is missing."],
  ["a run without a time", { action: "run" }, "Expected the event's scheduledTime to hold the schedule's own time"],
  ["a look without a time", { action: "verify", scheduledTime: "now" }, "Expected the event's scheduledTime to hold the schedule's own time"],
  ["nothing", undefined, "Expected the event's scheduledTime to hold the schedule's own time"],
])("refuses %s", (_, event, problem) => {
  expect(() => readRequest(event)).toThrow(problem);
});
