import { join } from "node:path";
import { mkdirSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { listStacks, readStack, settingsFromEngine, settingsOf } from "../../../practice/config/index.ts";
import { projectOnDisk } from "../../support/project-on-disk.ts";
import { broken, prodYaml, pulumiYaml, read, refusal, today } from "./campus.ts";

const defaults = `name: campus
main: program.ts
runtime: { name: nodejs, options: { typescript: false } }
config:
  upkeep:defaults:
    value:
      system: { production: false, owner: everyone@campus.example }
      files:
        avatars:
          bucket: campus-avatars
          sizeGiB: 1
          backup: { every: daily at 05:00, keep: 7 days }
      quietHours: { from: 20:00, until: 07:00 }
`;

describe("a good stack file", () => {
  it("is numbers with units in their names", () => {
    const settings = read(prodYaml);
    expect(settings).toMatchObject({
      stack: "prod",
      region: "eu-central-1",
      system: { name: "campus", account: "123456789012", production: true, runbooks: "https://runbooks.campus.example" },
      store: { secondRegion: "eu-west-1", lock: { mode: "governance", days: 14 } },
      files: { uploads: { backup: { keepDays: 30, schedule: { expression: "cron(15 3 * * ? *)", timeZone: "Europe/Berlin" } } } },
      channels: { oncall: { kind: "email", address: "oncall@campus.example" }, hook: { kind: "https", url: "https://alerts.campus.example/upkeep" } },
      routing: { P0: { respondWithinSeconds: 900, to: ["oncall", "hook"] } },
      alerts: {},
    });
    expect(settings.databases.accounts).toMatchObject({ port: 5432, maintenanceWindow: { minutes: 60 }, backup: { keepDays: 30 } });
    expect("quietHours" in settings).toBe(false);
  });

  it("says of any kind of alert how severe it is, and of one on an age how late it may be", () => {
    const alerts = "{ tooSmall: { severity: P1 }, unverifiedRestore: { late: 3 days, severity: P3 }, backupAge: { late: 2 hours }, drillFailed: {} }";
    expect(read(`${prodYaml}  upkeep:alerts: ${alerts}\n`).alerts).toEqual({
      tooSmall: { severity: "P1" }, unverifiedRestore: { lateSeconds: 259_200, severity: "P3" }, backupAge: { lateSeconds: 7200 }, drillFailed: {},
    });
  });

  it("knows snapshots of a provider, with the days that they are kept", () => {
    const snapshots = (said: string) => prodYaml.replace(/( +)engine: postgresql\n/, `$1engine: postgresql\n$1snapshots: ${said}\n`);
    const rds = "{ resource: arn:aws:rds:eu-central-1:123456789012:db:campus-accounts, every: daily at 04:30, restoreTest: weekly on sunday at 06:00 }";
    expect(read(snapshots(rds)).databases.accounts).toMatchObject({ snapshots: { keepDays: 35, pointInTimeDays: 7, schedule: { expression: "cron(30 4 * * ? *)" } } });
    expect(refusal(() => read(snapshots(rds.replace("daily at 04:30", "every 6 hours"))))).toContain("Expected a time of day, got an interval");
    expect(refusal(() => read(snapshots(rds.replace("restoreTest", "keep: 40 days, pointInTime: 40 days, restoreTest"))))).toContain("snapshots.pointInTime");
  });

  it("knows a sharded database, which only MongoDB is", () => {
    const atlas = "engine: mongodb-atlas\n      atlas: { projectId: 64f0c0ffee64f0c0ffee64f0, cluster: campus-prod, allowFrom: [203.0.113.7/32] }\n      sharded: true\n";
    const inAtlas = prodYaml.replace(/engine: postgresql\n +securityGroupId: .*\n/, atlas);
    expect(read(inAtlas).databases.accounts).toMatchObject({ engine: "mongodb-atlas", sharded: true });
    expect(refusal(() => read(inAtlas.replace("sharded: true", 'sharded: "yes"')))).toContain("Expected true or false");
    expect(refusal(() => read(broken("engine: postgresql\n", "engine: postgresql\n      sharded: true\n")))).toContain("databases.accounts.sharded");
  });

  it("takes a day as Go's YAML hands it on", () => {
    const answer = (date: string) => `${prodYaml}  upkeep:notApplicable: { recover.scale-out: { reason: one host, owner: a@b.example, date: "${date}" } }\n`;
    expect(read(answer("2026-11-23T00:00:00Z"))).toEqual(read(answer("2026-11-23")));
    expect(read(answer("2026-11-23 00:00:00 +0000 UTC"))).toEqual(read(answer("2026-11-23")));
    expect(refusal(() => read(answer("2026-02-30")))).toContain('got "2026-02-30"');
  });

  it("takes a network from another stack, with the names of its outputs", () => {
    const network = `    network:
      stackReference: acme/network/prod
      outputs: { vpcId: id }
`;
    const file = prodYaml.replace(/ {4}network:\n(.*\n){2}/, network);
    expect(read(file).system.network).toEqual({
      kind: "stack", stackReference: "acme/network/prod", egress: "nat", existing: [],
      outputs: { vpcId: "id", privateSubnetIds: "privateSubnetIds", routeTableIds: "routeTableIds", cidr: "cidr" },
    });
  });
});

describe("the defaults of all stacks", () => {
  it("lie below the stack's values: objects merge, values replace, null removes", () => {
    const { system, files, quietHours } = read(prodYaml, defaults);
    expect(system).toMatchObject({ production: true, owner: "platform@campus.example" });
    expect(Object.keys(files)).toEqual(["avatars", "uploads"]);
    expect(quietHours).toEqual({ from: "20:00", until: "07:00", timeZone: "Europe/Berlin" });

    const less = read(`${broken("    uploads: {", "    avatars: { backup: null }\n    uploads: {")}  upkeep:quietHours: null\n`, defaults);
    expect(less.files.avatars).toEqual({ bucket: "campus-avatars", sizeGiB: 1, verify: {} });
    expect("quietHours" in less).toBe(false);
  });

  it("are replaced by a list, not joined with it", () => {
    const routed = defaults.replace("      quietHours", "      routing: { P0: { respondWithin: 1 hour, to: [hook, oncall] } }\n      quietHours");
    expect(read(broken("to: [oncall, hook]", "to: [oncall]"), routed).routing.P0).toEqual({ respondWithinSeconds: 900, to: ["oncall"] });
  });

  it("have their mistakes in Pulumi.yaml", () => {
    expect(refusal(() => read(prodYaml, defaults.replace("7 days", "7")))).toContain("Pulumi.yaml:12:44  upkeep:files.avatars.backup.keep\n");
    expect(refusal(() => read(broken("    uploads: {", "    avatars: { sizeGiB: 0 }\n    uploads: {"), defaults))).toContain("Pulumi.prod.yaml:29:16  upkeep:files.avatars.sizeGiB\n");
  });

  it("need Pulumi's `value:`", () => {
    expect(refusal(() => read(prodYaml, `${pulumiYaml}config:\n  upkeep:defaults:\n    system: { production: true }\n`))).toContain(
      "Pulumi.yaml:4:3  upkeep:defaults\n  Expected `value:` below upkeep:defaults");
  });
});

describe("places", () => {
  it("are found through anchors and names with dots", () => {
    const file = `${prodYaml}  upkeep:notApplicable:
    recover.scale-out: &answer { reason: one host, owner: nobody, date: 2026-11-23 }
    backup.repository: *answer
`;
    expect(refusal(() => read(file)).match(/Pulumi\.prod\.yaml:.+/g)).toEqual([
      "Pulumi.prod.yaml:36:52  upkeep:notApplicable.backup.repository.owner",
      "Pulumi.prod.yaml:36:52  upkeep:notApplicable.recover.scale-out.owner",
    ]);
  });

  it("are those of the file's own path, given as it is written", () => {
    const { locate } = readStack(projectOnDisk({ "Pulumi.yaml": defaults, "Pulumi.prod.yaml": prodYaml }), "prod");
    expect(locate("upkeep:routing.P0.to[1]")).toEqual({ file: "Pulumi.prod.yaml", line: 34, column: 51 });
    expect(locate("upkeep:files.avatars.backup")).toEqual({ file: "Pulumi.yaml", line: 12, column: 11 });
    expect(locate("upkeep:files.uploads.nothing")).toEqual({ file: "Pulumi.prod.yaml", line: 29, column: 5 });
  });
});

describe("the configuration as the engine would give it", () => {
  const file = `${prodYaml}  campus:replicas: 1.50
  plain: true
  datadog:apiKey: { secure: v1:cipher }
  vendor:nested: { a: [1, { secure: v1:cipher }] }
`;
  const project = "name: campus\nruntime: nodejs\nconfig:\n  size: { type: string, default: M10 }\n  typed: { type: string }\n  aws:region: { value: us-east-1 }\n  vendor:plain: 7\n";

  it("is flat text, with objects as JSON and nothing that was encrypted", () => {
    const { config, secretKeys } = readStack(projectOnDisk({ "Pulumi.yaml": project, "Pulumi.prod.yaml": file }), "prod");
    expect(config).toMatchObject({
      "aws:region": "eu-central-1", "campus:replicas": "1.50", "campus:plain": "true", "campus:size": "M10", "vendor:plain": "7",
      "datadog:apiKey": "[secret]", "vendor:nested": '{"a":[1,"[secret]"]}',
    });
    expect(config).not.toHaveProperty("campus:typed");
    expect(JSON.parse(config["upkeep:routing"] ?? "")).toEqual({ P0: { respondWithin: "15 minutes", to: ["oncall", "hook"] } });
    expect(secretKeys).toEqual(["datadog:apiKey", "vendor:nested"]);
  });

  it("is understood as the files are, with places from them", () => {
    const folder = projectOnDisk({ "Pulumi.yaml": defaults, "Pulumi.prod.yaml": prodYaml });
    const source = readStack(folder, "prod");
    const { settings, locate } = settingsFromEngine(source.config, { stack: "prod", projectDir: folder, now: today });
    expect(settings).toEqual(settingsOf(source, today));
    expect(locate("upkeep:system.owner")).toEqual({ file: "Pulumi.prod.yaml", line: 6, column: 5 });

    const wrong = { ...source.config, "upkeep:routing": '{"P0":{"respondWithin":15,"to":["oncall"]}}' };
    expect(refusal(() => settingsFromEngine(wrong, { stack: "prod", projectDir: folder, now: today }))).toContain("Pulumi.prod.yaml:34:11  upkeep:routing.P0.respondWithin\n");
    expect(refusal(() => settingsFromEngine(wrong, { stack: "prod", now: today }))).toContain("\n\nupkeep:routing.P0.respondWithin\n  Expected");
  });

  it("tells the project's name, program and runtime", () => {
    expect(readStack(projectOnDisk({ "Pulumi.yaml": defaults, "Pulumi.prod.yaml": prodYaml }), "acme/campus/prod").project).toEqual({
      name: "campus", main: "program.ts", runtime: { name: "nodejs", options: { typescript: false } },
    });
  });
});

it("stack files may live in a folder of their own", () => {
  const folder = projectOnDisk({ "Pulumi.yaml": `${pulumiYaml}stackConfigDir: stacks\n` });
  mkdirSync(join(folder, "stacks"));
  writeFileSync(join(folder, "stacks", "Pulumi.prod.yaml"), prodYaml);
  expect(listStacks(folder)).toEqual(["prod"]);
  expect(settingsOf(readStack(folder, "prod"), today).system.name).toBe("campus");
});
