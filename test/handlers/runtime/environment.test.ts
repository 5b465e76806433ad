import { expect, it } from "vitest";
import { readEnvironment } from "../../../handlers/runtime/environment.ts";

const names = { bucket: "UPKEEP_STORE_BUCKET", system: "UPKEEP_SYSTEM", replica: "UPKEEP_REPLICA_BUCKET" } as const;

it("names every missing or empty variable in one error, and no other", () => {
  const read = (): unknown => readEnvironment(names, { UPKEEP_STORE_BUCKET: "", UPKEEP_REPLICA_BUCKET: "there" });
  expect(read).toThrow("not set: UPKEEP_STORE_BUCKET, UPKEEP_SYSTEM.");
});

it("gives the empty string for an optional one that is absent", () => {
  const env = { UPKEEP_STORE_BUCKET: "store", UPKEEP_SYSTEM: "campus" };
  expect(readEnvironment(names, env, ["replica"])).toEqual({ bucket: "store", system: "campus", replica: "" });
});
