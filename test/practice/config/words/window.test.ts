import { expect, it } from "vitest";
import { parseWindow } from "../../../../practice/config/words/window.ts";

const now = new Date("2026-11-23T12:00:00Z");

it("reads a schedule and how long it lasts", () => {
  expect(parseWindow("weekly on tuesday at 04:00 for 1 hour", "Europe/Berlin", now)).toEqual({
    value: {
      words: "weekly on tuesday at 04:00 for 1 hour",
      schedule: { words: "weekly on tuesday at 04:00", expression: "cron(0 4 ? * TUE *)", timeZone: "Europe/Berlin" },
      minutes: 60,
    },
  });
});

it("takes a zone before the length", () => {
  expect(parseWindow("daily at 04:00 UTC for 30 minutes", "Europe/Berlin", now).value?.schedule.timeZone).toBe("UTC");
});

it.each([["weekly on tuesday at 04:00"], ["every 4 hours for 1 hour"], ["daily at 04:00 for 2 days"], [7]])("refuses %j and shows a whole one", (words) => {
  expect(parseWindow(words, "UTC", now).problem?.wayOut).toBe("write it as `weekly on tuesday at 04:00 for 1 hour`");
});

it("hands on what is wrong with the schedule", () => {
  expect(parseWindow("weekly on tue at 04:00 for 1 hour", "UTC", now).problem?.wayOut).toBe("write `tuesday`");
});
