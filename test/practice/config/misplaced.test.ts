import { describe, expect, it } from "vitest";
import { readStack, settingsFromEngine } from "../../../practice/config/index.ts";
import { projectOnDisk } from "../../support/project-on-disk.ts";
import { broken, prodYaml, pulumiYaml, read, refusal, today } from "./campus.ts";

/** The whole message of a file with one problem. */
const only = (place: string, message: string): string => `1 problem, nothing was changed:\n\n${place}\n  ${message}`;

const defaults = `${pulumiYaml}config:
  upkeep:defaults:
    value:
      system:
        name: campus
        owner: platform@campus.example
`;

/** What of the system the defaults above say for all stacks. */
const withoutDefaults = prodYaml.replace("    name: campus\n", "").replace("    owner: platform@campus.example\n", "");

describe("a key in the wrong namespace", () => {
  it.each([
    ["upkep:datadog: { site: datadoghq.eu }", "upkep:datadog", "Did you mean `upkeep:datadog`? Write that."],
    ["Upkeep:quietHours: { from: 20:00, until: 07:00 }", "Upkeep:quietHours", "Did you mean `upkeep:quietHours`? Write that."],
    ["upkep:quitHours: { from: 20:00, until: 07:00 }", "upkep:quitHours", "Did you mean `upkeep:quietHours`? Write that."],
    ["campus:quietHours: { from: 20:00, until: 07:00 }", "campus:quietHours", "Did you mean `upkeep:quietHours`? Write that, or give the key of your own program another name."],
    ["quietHours: { from: 20:00, until: 07:00 }", "quietHours", "Did you mean `upkeep:quietHours`? Write that, or give the key of your own program another name."],
  ])("is refused: %s", (line, key, wayOut) => {
    expect(refusal(() => read(`${prodYaml}  ${line}\n`))).toBe(
      only(`Pulumi.prod.yaml:35:3  ${key}`, `Expected the keys of upkeep below its own namespace, \`upkeep:\`, got "${key}". ${wayOut}`));
  });

  it("is refused in Pulumi.yaml, too", () => {
    expect(refusal(() => read(prodYaml, defaults.replace("upkeep:defaults", "upkep:defaults")))).toContain("Pulumi.yaml:4:3  upkep:defaults\n");
  });

  it("is one problem: what it stands for is not missing as well", () => {
    expect(refusal(() => read(broken("upkeep:system:", "upkep:system:")))).toMatch(/^1 problem, /);
  });

  it("is that of others: theirs are not touched", () => {
    expect(read(`${prodYaml}  vendor:files: abc\n  campus:replicas: 3\n`).system.name).toBe("campus");
  });
});

describe("one mistake is one problem:", () => {
  it("a misspelt section", () => {
    expect(refusal(() => read(broken("upkeep:system:", "upkeep:sytem:")))).toMatch(/^1 problem, .*\n\nPulumi\.prod\.yaml:3:3 {2}upkeep:sytem\n.*Did you mean `system`/);
  });

  it("a misspelt key that something else needs", () => {
    expect(refusal(() => read(broken("    network:", "    netwrok:")))).toMatch(/^1 problem, .*\n\n.*upkeep:system\.netwrok\n/);
  });

  it("a misspelt `config`, read as what it stands for", () => {
    expect(refusal(() => read(withoutDefaults.replace("config:", "confg:"), defaults))).toBe(only("Pulumi.prod.yaml:1:1", 'Expected the key `config`, got "confg". Write `config:`.'));
    expect(refusal(() => read(broken("keep: 30 days", "keep: 30").replace("config:", "confg:")))).toContain("Pulumi.prod.yaml:25:9  upkeep:databases.accounts.backup.keep\n");
  });

  it("defaults in a stack file, below which those of the project still hold", () => {
    const file = `${withoutDefaults}  upkeep:defaults: { store: { secondRegion: eu-west-3 } }\n`;
    expect(refusal(() => read(file, defaults))).toBe(only("Pulumi.prod.yaml:33:3  upkeep:defaults",
      "Expected defaults in Pulumi.yaml, where all stacks see them, got them in a stack file. Move them there, or write the keys here without `defaults`."));
  });
});

describe("a key with nothing behind it", () => {
  const message = "Expected a value, got nothing. Write one, or remove the line; `null` says that what the defaults of all stacks say does not hold here.";

  it("is no default: `keep:` is refused, also of the engine's configuration, where it reads as null", () => {
    const file = broken("keep: 30 days", "keep:");
    expect(refusal(() => read(file))).toBe(only("Pulumi.prod.yaml:25:9  upkeep:databases.accounts.backup.keep", message));
    const folder = projectOnDisk({ "Pulumi.yaml": pulumiYaml, "Pulumi.prod.yaml": file });
    expect(refusal(() => settingsFromEngine(readStack(folder, "prod").config, { stack: "prod", projectDir: folder, now: today }))).toContain(message);
  });

  it("is refused among the defaults, too", () => {
    expect(refusal(() => read(prodYaml, `${defaults}        production:\n`))).toBe(only("Pulumi.yaml:9:9  upkeep:system.production", message));
  });

  it("is not one that is absent, or that says null", () => {
    expect(read(broken("        keep: 30 days\n", "")).databases.accounts?.backup?.keepDays).toBe(30);
    expect(read(broken("keep: 30 days", "keep: null")).databases.accounts?.backup?.keepDays).toBe(30);
  });
});
