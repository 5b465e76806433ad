import { expect, it } from "vitest";
import { broken, read } from "./campus.ts";

const redis = (lines: string): string =>
  broken("      engine: postgresql\n", "      engine: redis\n").replace("      database: accounts\n", lines);

it("a Redis is backed up like any database: its first one and its usual port, unless others are named", () => {
  expect(read(redis("")).databases["accounts"]).toMatchObject({ engine: "redis", database: "0", port: 6379, backup: { keepDays: 30 } });
  expect(read(redis('      database: "3"\n      port: 6380\n')).databases["accounts"]).toMatchObject({ database: "3", port: 6380 });
});
