import { describe, expect, it } from "vitest";
import { readSetup } from "../../../handlers/drill/job.ts";

const environment = { UPKEEP_SYSTEM: "campus", UPKEEP_STACK: "prod", UPKEEP_STORE_BUCKET: "store", UPKEEP_SOURCE: "accounts", UPKEEP_ENGINE: "postgresql", UPKEEP_PORT: "55432" };

describe("what a drill's environment says", () => {
  it("is whose backup is restored, by which engine and into which port", () => {
    expect(readSetup({ ...environment, UPKEEP_SMOKE: "select 1" })).toEqual({
      bucket: "store", engine: "postgresql", port: 55_432, job: { system: "campus", stack: "prod", source: "accounts", smoke: "select 1" },
    });
    expect(readSetup(environment).job).not.toHaveProperty("smoke");
  });

  it("has no way to say where that port is", () => {
    expect(readSetup({ ...environment, UPKEEP_HOST: "production.example", UPKEEP_DATABASE: "accounts", UPKEEP_SECRET: "campus/prod" })).toEqual(readSetup(environment));
  });

  it("is refused where it names no engine or no port", () => {
    expect(() => readSetup({ ...environment, UPKEEP_ENGINE: "files" })).toThrow("Expected UPKEEP_ENGINE to be one of mongodb, postgresql, redis, it is files.");
    for (const port of ["0", "65536", "a", "5.5"]) expect(() => readSetup({ ...environment, UPKEEP_PORT: port })).toThrow(`Expected UPKEEP_PORT to be a TCP port, it is ${port}.`);
    expect(() => readSetup({})).toThrow("not set: UPKEEP_SYSTEM, UPKEEP_STACK, UPKEEP_STORE_BUCKET, UPKEEP_SOURCE, UPKEEP_ENGINE, UPKEEP_PORT.");
  });
});
