import { describe, expect, it } from "vitest";
import { broken, prodYaml, read, refusal } from "./campus.ts";

const weekly = "  upkeep:weekly: { every: weekly on sunday at 03:00, keep: 12 weeks }\n";
const longName = "a-source-with-a-long-name";

const said = (yaml: string): string => refusal(() => read(yaml));

describe("upkeep:weekly", () => {
  it("is read in weeks or days", () => {
    expect(read(prodYaml + weekly).weekly).toEqual({
      schedule: { words: "weekly on sunday at 03:00", expression: "cron(0 3 ? * SUN *)", timeZone: "Europe/Berlin" }, keepDays: 84,
    });
    expect(read(prodYaml + weekly.replace("12 weeks", "30 days")).weekly?.keepDays).toBe(30);
    expect(read(prodYaml).weekly).toBeUndefined();
  });

  it.each([
    ["another rhythm", weekly.replace("weekly on sunday", "daily"), "upkeep:weekly.every\n  Expected a schedule of once a week, got \"daily at 03:00\". Write it as `weekly on sunday at 03:00`."],
    ["twice a week", weekly.replace("weekly on sunday at 03:00", '"cron(0 3 ? * SUN,WED *)"'), "Expected a schedule of once a week"],
    ["twice on a sunday", weekly.replace("weekly on sunday at 03:00", '"cron(0,30 3 ? * SUN *)"'), "Expected a schedule of once a week"],
    ["an hour that one night does not have", weekly.replace("03:00", "02:30"), "Expected a time that every night has"],
    ["no days", weekly.replace(", keep: 12 weeks", ""), "upkeep:weekly.keep\n  Expected weeks or days in words, got nothing. Write it as `12 weeks`, with a whole number."],
    ["a bare number", weekly.replace("12 weeks", "12"), "Expected weeks or days in words, with the unit, got 12. Write `12 weeks`."],
  ])("is refused with %s", (_, section, message) => {
    expect(said(prodYaml + section)).toContain(message);
  });

  it("asks for names that leave room for what it makes of them", () => {
    const file = (name: string) => broken("    accounts:\n", `    ${name}:\n`);
    const name = longName.slice(0, 18);
    expect(read(file(name)).databases).toHaveProperty(name);
    expect(said(file(name) + weekly)).toBe(`1 problem, nothing was changed:\n\nPulumi.prod.yaml:17:5  upkeep:databases.${name}\n  `
      + `Expected a name short enough for the source that upkeep:weekly makes of upkeep:databases.${name}, \`${name}-weekly\`, got 1 too many. Shorten this name by 1 character, or remove upkeep:weekly.`);
    expect(read(file(longName.slice(0, 17)) + weekly).weekly).toBeDefined();
  });

  it("asks nothing of a source without a backup", () => {
    const file = broken(", backup: { every: daily at 03:15 } }", " }").replace("    uploads:", "    uploads-of-the-students:");
    expect(read(file + weekly).files).toHaveProperty("uploads-of-the-students");
  });

  it.each([["accounts-weekly", "accounts"], ["db-weekly-workflow", "db"]])("keeps %s for itself", (name, owner) => {
    const file = broken("    accounts:\n", `    ${owner}:\n`).replace(", backup: { every: daily at 03:15 } }", " }").replace("    uploads:", `    ${name}:`);
    expect(said(file + weekly)).toBe(`1 problem, nothing was changed:\n\nPulumi.prod.yaml:29:5  upkeep:files.${name}\n  `
      + `Expected a name of its own, got that of a part of \`${owner}-weekly\`, the source that upkeep:weekly makes of upkeep:databases.${owner}. `
      + "Rename one of the two: they would share resources and one prefix of the store.");
    expect(read(file).files).toHaveProperty(name);
  });
});
