import { describe, expect, it } from "vitest";
import { readSetup, scheduledAtFrom } from "../../../handlers/backup/job.ts";

const env = {
  UPKEEP_SYSTEM: "campus", UPKEEP_STACK: "prod", UPKEEP_STORE_BUCKET: "store", UPKEEP_SOURCE: "accounts", UPKEEP_ENGINE: "postgresql",
  UPKEEP_DATABASE: "accounts", UPKEEP_SECRET: "campus/prod/accounts", UPKEEP_SIZE_GIB: "4", UPKEEP_PORT: "5433", UPKEEP_HOST: "db.example",
};

describe("the setup of a backup function", () => {
  it("is read from its environment", () => {
    expect(readSetup(env)).toEqual({
      bucket: "store", secret: "campus/prod/accounts", host: "db.example", port: 5433,
      job: { system: "campus", stack: "prod", source: "accounts", database: "accounts", engine: "postgresql", sizeGiB: 4 },
    });
  });

  it("says whether counts and hashes are taken of what is dumped", () => {
    expect(readSetup({ ...env, UPKEEP_CONTENT: "off" }).job).toMatchObject({ content: "off" });
    expect(readSetup({ ...env, UPKEEP_CONTENT: "" }).job).not.toHaveProperty("content");
    expect(() => readSetup({ ...env, UPKEEP_CONTENT: "some" })).toThrow("Expected UPKEEP_CONTENT to be one of full, off, it is some.");
  });

  it("says what an export is of", () => {
    expect(readSetup({ ...env, UPKEEP_ENGINE: "postgresql-export", UPKEEP_EXPORTS: '[{"name":"public.users","columns":["id"]},{"name":"shop.orders"}]' }).job)
      .toMatchObject({ engine: "postgresql-export", exports: [{ name: "public.users", columns: ["id"] }, { name: "shop.orders" }] });
  });

  it("needs neither secret nor host nor port to copy a bucket", () => {
    const without = { ...env, UPKEEP_SECRET: "", UPKEEP_HOST: "", UPKEEP_PORT: undefined };
    expect(Object.keys(readSetup({ ...without, UPKEEP_ENGINE: "files" }))).toEqual(["bucket", "secret", "job"]);
    expect(() => readSetup(without)).toThrow("not set: UPKEEP_SECRET.");
  });

  it.each([
    ["an engine that is not known", { UPKEEP_ENGINE: "mysql" }, "one of mongodb, postgresql, redis, files, configuration, repository, postgresql-export, mongodb-export, it is mysql"],
    ["an export of nothing", { UPKEEP_EXPORTS: "[]" }, 'UPKEEP_EXPORTS to be a list such as [{"name":"public.users"}]'],
    ["an export that is no list", { UPKEEP_EXPORTS: "users" }, "UPKEEP_EXPORTS to be JSON"],
    ["a size that is no number", { UPKEEP_SIZE_GIB: "four" }, "UPKEEP_SIZE_GIB to be a number above 0"],
    ["a size of nothing", { UPKEEP_SIZE_GIB: "0" }, "UPKEEP_SIZE_GIB to be a number above 0"],
  ])("refuses %s", (_, wrong, problem) => {
    expect(() => readSetup({ ...env, ...wrong })).toThrow(problem);
  });
});

describe("the time of a run", () => {
  it("is the schedule's own", () => {
    expect(scheduledAtFrom({ scheduledTime: "2026-11-23T02:00:00Z" }).toISOString()).toBe("2026-11-23T02:00:00.000Z");
  });

  it.each([[undefined], [{}], [{ scheduledTime: "<aws.scheduler.scheduled-time>" }], [{ scheduledTime: 7 }], ["2026-11-23"]])(
    "is refused when the event is %o: a made-up time would make two runs of one", (event) => {
      expect(() => scheduledAtFrom(event)).toThrow(/^Expected the event's scheduledTime to hold the schedule's own time/);
    },
  );
});
