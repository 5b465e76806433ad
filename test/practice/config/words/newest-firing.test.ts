import { describe, expect, it } from "vitest";
import { newestFiring } from "../../../../practice/contract/clock/firings.ts";

const berlin = (expression: string) => ({ expression, timeZone: "Europe/Berlin" });
const nightly = berlin("cron(30 1 * * ? *)");

describe("the newest firing", () => {
  it.each([
    ["this very moment", nightly, "2026-11-24T00:30:00Z", "2026-11-24T00:30:00Z"],
    ["a moment before it", nightly, "2026-11-24T00:29:59Z", "2026-11-23T00:30:00Z"],
    ["hours after it", nightly, "2026-11-24T20:00:00Z", "2026-11-24T00:30:00Z"],
    ["in summer, an hour earlier", nightly, "2026-07-01T12:00:00Z", "2026-06-30T23:30:00Z"],
    ["of a night that skips it: the night before", berlin("cron(30 2 * * ? *)"), "2026-03-29T12:00:00Z", "2026-03-28T01:30:00Z"],
    ["of an hour that comes twice: the first", berlin("cron(30 2 * * ? *)"), "2026-10-25T12:00:00Z", "2026-10-25T00:30:00Z"],
    ["between the two", berlin("cron(30 2 * * ? *)"), "2026-10-25T01:00:00Z", "2026-10-25T00:30:00Z"],
    ["monthly", berlin("cron(0 3 1 * ? *)"), "2026-11-30T12:00:00Z", "2026-11-01T02:00:00Z"],
    ["every 12 hours, from midnight on", { expression: "rate(12 hours)", timeZone: "UTC" }, "2026-11-24T11:59:00Z", "2026-11-24T00:00:00Z"],
    ["of a leap day", { expression: "cron(0 3 29 2 ? *)", timeZone: "UTC" }, "2027-06-01T00:00:00Z", "2024-02-29T03:00:00Z"],
  ])("is found: %s", (_, schedule, now, expected) => {
    expect(newestFiring(schedule, new Date(now))?.toISOString()).toBe(new Date(expected).toISOString());
  });

  it("is none before a schedule's first year", () => {
    expect(newestFiring({ expression: "cron(0 3 1 1 ? 2040)", timeZone: "UTC" }, new Date("2026-11-24T00:00:00Z"))).toBeUndefined();
  });
});
