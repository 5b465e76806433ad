import { describe, expect, it } from "vitest";
import { checkFrom, readSetup } from "../../../handlers/verify/job.ts";

const env = {
  UPKEEP_SYSTEM: "campus", UPKEEP_STACK: "prod", UPKEEP_STORE_BUCKET: "store", UPKEEP_SOURCE: "accounts", UPKEEP_ENGINE: "postgresql", UPKEEP_KEEP_DAYS: "30",
};

describe("a function that checks", () => {
  it("reads its whole job from the environment, with or without a second region", () => {
    const job = { system: "campus", stack: "prod", source: "accounts", keepDays: 30 };
    expect(readSetup(env)).toEqual({ bucket: "store", replicaBucket: "", replicaRegion: "", engine: "postgresql", job });
    expect(readSetup({ ...env, UPKEEP_REPLICA_BUCKET: "copy", UPKEEP_REPLICA_REGION: "eu-west-1" })).toMatchObject({ replicaBucket: "copy", replicaRegion: "eu-west-1" });
  });

  it.each([
    ["days that are no number", { UPKEEP_KEEP_DAYS: "a month" }, /UPKEEP_KEEP_DAYS to be a number above 0, it is a month/],
    ["an engine that nobody knows", { UPKEEP_ENGINE: "oracle" }, /UPKEEP_ENGINE to be one of mongodb, postgresql, .*, it is oracle/],
    ["no source", { UPKEEP_SOURCE: "" }, /not set: UPKEEP_SOURCE/],
  ])("refuses %s", (_, changed, problem) => {
    expect(() => readSetup({ ...env, ...changed })).toThrow(problem);
  });

  it("takes level and time from its event, never the time of delivery", () => {
    expect(checkFrom({ scheduledTime: "2026-11-23T06:00:00Z", level: "decode" })).toEqual({ level: "decode", scheduledAt: new Date("2026-11-23T06:00:00Z") });
    expect(() => checkFrom({ scheduledTime: "2026-11-23T06:00:00Z" })).toThrow("Expected an event with a level (checksums, decode, restore), its level is missing.");
    expect(() => checkFrom({ scheduledTime: "2026-11-23T06:00:00Z", level: "all" })).toThrow("its level is none of them");
    expect(() => checkFrom({ level: "decode" })).toThrow(/the event's scheduledTime .* it is missing/);
  });
});
