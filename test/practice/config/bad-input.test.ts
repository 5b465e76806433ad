import { describe, expect, it } from "vitest";
import { listStacks, readStack, settingsOf } from "../../../practice/config/index.ts";
import { projectOnDisk } from "../../support/project-on-disk.ts";
import { broken, prodYaml, pulumiYaml, read, refusal, today } from "./campus.ts";

const network = `    network:
      vpcId: vpc-0a1b2c3d
      privateSubnetIds: [subnet-0a1b2c3d, subnet-0a1b2c3e]
      egress: nat
`;

const settingsIn = (folder: string, stack: string) => settingsOf(readStack(folder, stack), today);

/** The whole message of a file with one problem. */
const only = (place: string, message: string): string => `1 problem, nothing was changed:\n\n${place}\n  ${message}`;

it("the file that the others break is good", () => {
  expect(read(prodYaml).system.name).toBe("campus");
});

it("a backup each hour is good", () => {
  for (const every of ["every 1 hour", "every 60 minutes", "cron(15 * * * ? *)"]) {
    expect(read(broken("every: daily at 03:15", `every: ${every}`)).files.uploads?.backup?.schedule.words).toBe(every);
  }
});

it.each(["mongodb", "postgresql", "redis"])("a %s whose secret is not named is shown a name that fits it", (engine) => {
  const file = broken("engine: postgresql", `engine: ${engine}`).replace("secret: campus/prod/postgresql", "secret: ''");
  expect(refusal(() => read(file))).toContain(`got "". Write it as \`campus/prod/${engine}\`.`);
});

describe("a stack file with one mistake is refused with its place and the way out:", () => {
  it.each([
    ["an unknown key", broken("keep: 30 days", "keep: 30 days\n        kept: always"), "Pulumi.prod.yaml:26:9  upkeep:databases.accounts.backup.kept",
      'Expected a key: every, keep or content, got "kept". Did you mean `keep`? Write that, or remove it.'],
    ["an unknown key in place of a needed one, told once", broken("secret: campus", "secrte: campus"), "Pulumi.prod.yaml:21:7  upkeep:databases.accounts.secrte",
      'Expected a key: engine, securityGroupId, port, secret, secretKey, sizeGiB, verify, maintenanceWindow, runsOn, host, database, backup, export or snapshots, got "secrte". Did you mean `secret`? Write that, or remove it.'],
    ["an unknown key at the top", broken("upkeep:files:", "upkeep:fiels:"), "Pulumi.prod.yaml:28:3  upkeep:fiels",
      'Expected a key: system, store, hosts, databases, files, repositories, weekly, configuration, endpoints, alerts, channels, routing, quietHours, datadog or notApplicable, got "fiels". Did you mean `files`? Write that, or remove it.'],
    ["a kind of alert as its runbook is called", broken("  upkeep:files:", "  upkeep:alerts: { drill-failed: { severity: P1 } }\n  upkeep:files:"), "Pulumi.prod.yaml:28:20  upkeep:alerts.drill-failed",
      'Expected a kind of alert, called as its runbook is, got "drill-failed". Did you mean `drillFailed`? Write that, or remove it.'],
    ["how late an alert may be that has no age", broken("  upkeep:files:", "  upkeep:alerts: { corrupted: { late: 1 hour } }\n  upkeep:files:"), "Pulumi.prod.yaml:28:33  upkeep:alerts.corrupted.late",
      'Expected a key: severity, got "late". Remove it, or look for its place one level up or down.'],
    ["a missing key", broken("    owner: platform@campus.example\n", ""), "Pulumi.prod.yaml:3:3  upkeep:system.owner",
      "Expected an e-mail address, got nothing. Write it as `platform@campus.example`."],
    ["a wrong type", broken("sizeGiB: 40", "sizeGiB: 40 GiB"), "Pulumi.prod.yaml:22:7  upkeep:databases.accounts.sizeGiB",
      'Expected a size in GiB, above 0, got "40 GiB". Write the number alone, such as `12`: the unit is in the key\'s name.'],
    ["a text in place of keys", broken("{ restore: monthly on first sunday at 06:00 }", "weekly"), "Pulumi.prod.yaml:26:7  upkeep:databases.accounts.verify",
      'Expected the keys checksums, integrity, restore and smoke, got "weekly". Write them below this one.'],
    ["a colon without its space", broken("{ restore: monthly on first sunday at 06:00 }", "restore:monthly on first sunday at 06:00"), "Pulumi.prod.yaml:26:7  upkeep:databases.accounts.verify",
      'Expected the keys checksums, integrity, restore and smoke, got "restore:monthly on first sunday at 06:00". Put a space after each colon.'],
    ["an engine that there is not", broken("engine: postgresql", "engine: postgres"), "Pulumi.prod.yaml:18:7  upkeep:databases.accounts.engine",
      'Expected an engine: mongodb-atlas, mongodb, postgresql or redis, got "postgres". Write `engine: postgresql`.'],
    ["a number without its unit", broken("keep: 30 days", "keep: 30"), "Pulumi.prod.yaml:25:9  upkeep:databases.accounts.backup.keep",
      "Expected days in words, with the unit, got 30. Write `30 days`."],
    ["a schedule that never fires", broken("every: daily at 01:30", "every: cron(0 0 31 2 ? *)"), "Pulumi.prod.yaml:24:9  upkeep:databases.accounts.backup.every",
      'Expected a schedule that fires again and again, got "cron(0 0 31 2 ? *)". This one never does: check day, month and year, or write `*` for the year.'],
    ["a time that one night does not have", broken("every: daily at 01:30", "every: daily at 02:30"), "Pulumi.prod.yaml:24:9  upkeep:databases.accounts.backup.every",
      'Expected a time that every night has, got "daily at 02:30". On Sunday, 2027-03-28 clocks in Europe/Berlin go from 02:00 to 03:00: choose a time before 02:00 or from 03:00 on, or write `daily at 02:30 UTC`.'],
    ["a self-hosted database without a network", broken(network, ""), "Pulumi.prod.yaml:3:3  upkeep:system.network",
      "Expected the network from which accounts can be reached, got nothing. Write `network: { vpcId: ..., privateSubnetIds: [...], egress: nat }` under system, or `egress: endpoints` with routeTableIds where there is no NAT gateway."],
    ["endpoints without route tables", broken("egress: nat", "egress: endpoints\n      cidr: 10.0.0.0/16"), "Pulumi.prod.yaml:11:5  upkeep:system.network.routeTableIds",
      "Expected the ids of the subnets' route tables, got nothing. Write it as `[rtb-0a1b2c3d4e5f60718]`."],
    ["a layer of another region", broken("lambda:eu-central-1", "lambda:eu-west-1"), "Pulumi.prod.yaml:10:5  upkeep:system.toolsLayer",
      "Expected an ARN of the stack's own region, eu-central-1, got \"arn:aws:lambda:eu-west-1:123456789012:layer:upkeep-tools:1\". Make one there and write its ARN."],
    ["a name that AWS would refuse", broken("bucket: campus-uploads", "bucket: Campus_Uploads"), "Pulumi.prod.yaml:29:16  upkeep:files.uploads.bucket",
      'Expected the name of an S3 bucket: 3 to 63 lower case letters, digits, hyphens and dots, got "Campus_Uploads". Write it as `campus-uploads`.'],
    ["no region", broken("  aws:region: eu-central-1\n", ""), "Pulumi.prod.yaml:1:1  aws:region", "Expected an AWS region, got nothing. Write it as `eu-central-1`."],
    ["a lock for ever without a second yes", broken("mode: governance", "mode: compliance"), "Pulumi.prod.yaml:15:44  upkeep:store.lock.cannotBeUndone",
      "Expected a second yes for a lock in compliance mode, got nothing. Add `cannotBeUndone: true`: until its days are over nobody can delete a backup or shorten the lock, the owner of the account neither; or write `mode: governance`."],
    ["an item that the catalog does not know", `${prodYaml}  upkeep:notApplicable: { recover.scaleout: { reason: one host, owner: a@b.example, date: 2026-11-23 } }\n`,
      "Pulumi.prod.yaml:35:27  upkeep:notApplicable.recover.scaleout",
      'Expected the id of a catalog item, got "recover.scaleout". Did you mean `recover.scale-out`? Write that, or remove it.'],
    ["a decision of a year that has not come", `${prodYaml}  upkeep:notApplicable: { recover.scale-out: { reason: one host, owner: a@b.example, date: 2062-11-23 } }\n`,
      "Pulumi.prod.yaml:35:86  upkeep:notApplicable.recover.scale-out.date",
      'Expected a day that is past or within a year, got "2062-11-23". Look at the year: today is `2026-11-23`.'],
    ["defaults in the file of one stack", `${prodYaml}  upkeep:defaults: { system: { name: campus } }\n`, "Pulumi.prod.yaml:35:3  upkeep:defaults",
      "Expected defaults in Pulumi.yaml, where all stacks see them, got them in a stack file. Move them there, or write the keys here without `defaults`."],
    ["a Redis database by a name", broken("engine: postgresql", "engine: redis"), "Pulumi.prod.yaml:20:7  upkeep:databases.accounts.database",
      'Expected the number of a Redis database, in quotes, got "accounts". Write it as `"0"`.'],
    ["Atlas opened to everyone", broken("engine: postgresql\n      securityGroupId: sg-0a1b2c3d", "engine: mongodb-atlas\n      atlas: { projectId: 64f0c0ffee64f0c0ffee64f0, cluster: prod, allowFrom: [0.0.0.0/0] }"),
      "Pulumi.prod.yaml:19:80  upkeep:databases.accounts.atlas.allowFrom[0]",
      'Expected a block smaller than the whole internet, got "0.0.0.0/0". Name the public addresses of your NAT gateways, such as `203.0.113.10/32`.'],
    ["a warning above the alarm", `${prodYaml}  upkeep:endpoints: { api: { url: https://a.example, every: 5 minutes, p95: { warning: 1 second, critical: 500 ms } } }\n`,
      "Pulumi.prod.yaml:35:79  upkeep:endpoints.api.p95.warning",
      "Expected less than critical, 500 ms, got 1000 ms. A warning that comes with the alarm or after it warns nobody: lower it."],
    ["a bracket that nobody closes", broken("    network:\n", "    network: [\n"), "Pulumi.prod.yaml:11:14",
      "Expected `]` after `[`, got none. It is opened here and never closed: close it, or remove what opens it."],
    ["a brace that nobody closes", broken("06:00 }", "06:00"), "Pulumi.prod.yaml:26:15",
      "Expected `}` after `{`, got none. It is opened here and never closed: close it, or remove what opens it."],
    ["a quote that nobody closes", broken('"https://alerts.campus.example/upkeep"', '"https://alerts.campus.example/upkeep'), "Pulumi.prod.yaml:32:20",
      'Expected `"` after `"`, got none. It is opened here and never closed: close it, or remove what opens it.'],
    ["the wrong bracket", broken("[oncall, hook]", "[oncall, hook}"), "Pulumi.prod.yaml:34:55",
      "Expected YAML that can be read, got something else (flow sequence in block collection must be sufficiently indented and end with a ]). Mend this line or the one above it."],
    ["a key that goes on in the next line", broken("    network:\n", "    a\n    network:\n"), "Pulumi.prod.yaml:11:5",
      "Expected YAML that can be read, got something else (implicit map keys need to be followed by map values). Mend this line or the one above it."],
    ["a backup while the last one may still run", broken("every: daily at 01:30", "every: every 1 minute"), "Pulumi.prod.yaml:24:9  upkeep:databases.accounts.backup.every",
      'Expected a backup at most once an hour, because a run may take 40 minutes (two attempts of 15 and a pause of 10), got "every 1 minute". Write `every 1 hour` or less often; what may lose less than an hour needs `snapshots` of the database\'s provider, whose pointInTime goes back to any second.'],
    ["two backups half an hour apart", broken("every: daily at 03:15", "every: \"cron(0,30 1 * * ? *)\""), "Pulumi.prod.yaml:29:63  upkeep:files.uploads.backup.every",
      'Expected a backup at most once an hour, because a run may take 40 minutes (two attempts of 15 and a pause of 10), got "cron(0,30 1 * * ? *)". Write `every 1 hour` or less often; what may lose less than an hour needs `snapshots` of the database\'s provider, whose pointInTime goes back to any second.'],
    ["a key twice", broken("      egress: nat\n", "      egress: nat\n      egress: nat\n"), "Pulumi.prod.yaml:15:7",
      "Expected each key once, got the same key a second time. Remove one of the two, or rename it."],
    ["nothing in it", "\n", "Pulumi.prod.yaml", "Expected a mapping with `config:`, got an empty file. Begin with `config:` and the keys of the system below it."],
    ["only comments", "# later\n", "Pulumi.prod.yaml:1:1", "Expected a mapping with `config:`, got nothing but comments. Begin with `config:` and the keys of the system below it."],
    ["a configuration that is none", "config: [aws:region]\n", "Pulumi.prod.yaml:1:1", "Expected keys with values under `config:`, got a list. Write them below it, each with two spaces before it."],
    ["a list", "- config\n", "Pulumi.prod.yaml:1:1", "Expected a mapping with `config:`, got a list. Begin with `config:` and the keys of the system below it."],
    ["a tab", broken("    network:\n", "\tnetwork:\n"), "Pulumi.prod.yaml:11:1", "Expected spaces at the beginning of a line, got a tab. Replace it by two spaces for each level."],
    ["5 MB", `${prodYaml}${"# filler\n".repeat(582_543)}`, "Pulumi.prod.yaml", "Expected at most 1 MiB, got 5.0 MiB. A stack file holds names and numbers: remove what is no configuration."],
    ["brackets without end", `config: ${"[".repeat(300_000)}\n`, "Pulumi.prod.yaml:1:1", "Expected at most 200 levels, got more. Remove the brackets or dashes that nobody closes."],
    ["dashes without end", `config:\n${"- ".repeat(300_000)}\n`, "Pulumi.prod.yaml:2:1", "Expected at most 200 levels, got more. Remove the brackets or dashes that nobody closes."],
    ["anchors that stand for a billion values", "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c]\n",
      "Pulumi.prod.yaml", "Expected anchors that are set once and used sparingly, got more than 100 values that stand for others. Write the values out."],
    ["an alias of nothing", broken("keep: 30 days", "keep: *days"), "Pulumi.prod.yaml:25:15",
      "Expected an alias whose anchor is set above it, got one without. Write the values out, or put quotes around a text that begins with `*`."],
    ["an alias above its anchor", "config: *days\nkeep: &days 30 days\n", "Pulumi.prod.yaml:1:9",
      "Expected an alias whose anchor is set above it, got one without. Write the values out, or put quotes around a text that begins with `*`."],
  ])("%s", (_, file, place, message) => {
    expect(refusal(() => read(file))).toBe(only(place, message));
  });
});

describe("names", () => {
  it("that become one are refused, between databases and files too", () => {
    const files = "    Accounts_DB: { bucket: campus-a, sizeGiB: 1 }\n    accounts: { bucket: campus-b, sizeGiB: 1 }\n    accounts-db: {";
    expect(refusal(() => read(broken("    uploads: {", files)))).toBe(`3 problems, nothing was changed:

Pulumi.prod.yaml:29:5  upkeep:files.Accounts_DB
  Expected a name of 2 to 24 lower case letters, digits and single hyphens, a letter first, got "Accounts_DB". Write \`accounts-db\`.

Pulumi.prod.yaml:30:5  upkeep:files.accounts
  Expected a name of its own, got one that becomes \`accounts\`, as upkeep:databases.accounts does. Rename one of the two: they would share resources and one prefix of the store.

Pulumi.prod.yaml:31:5  upkeep:files.accounts-db
  Expected a name of its own, got one that becomes \`accounts-db\`, as upkeep:files.Accounts_DB does. Rename one of the two: they would share resources and one prefix of the store.`);
  });

  it.each([
    ["databases", "    accounts:", "evidence"], ["databases", "    accounts:", "retention"],
    ["files", "    uploads:", "evidence"], ["files", "    uploads:", "retention"],
  ])("of the stack's own functions are refused: %s, %s %s", (section, piece, name) => {
    expect(refusal(() => read(broken(piece, `    ${name}:`)))).toContain(
      `  upkeep:${section}.${name}\n  Expected a name of its own, got that of the stack's function \`${name}\`. Rename this source: their alerts would share names.`);
  });

  it.each(["schedule", "workflow"])("that a role of another backup has are refused: %s", (role) => {
    const second = `    uploads-${role}: { bucket: campus-others, sizeGiB: 1 }\n    uploads: {`;
    expect(refusal(() => read(broken("    uploads: {", second)))).toBe(only(`Pulumi.prod.yaml:29:5  upkeep:files.uploads-${role}`,
      "Expected a name of its own, got that of a role of upkeep:files.uploads. Rename one of the two."));
  });

  it("that AWS would cut are refused with the number of characters to spare", () => {
    const stack = "production-of-the-north";
    const file = broken("name: campus", "name: campus-of-the-north").replace("    uploads: {", "    uploads-of-the-students: {");
    const folder = projectOnDisk({ "Pulumi.yaml": pulumiYaml, [`Pulumi.${stack}.yaml`]: file });
    expect(refusal(() => settingsIn(folder, stack))).toBe(`2 problems, nothing was changed:

Pulumi.${stack}.yaml:4:5  upkeep:system.name
  Expected at most 63 characters in the name of the bucket \`campus-of-the-north-${stack}-backups-xxxxxxxx-replica\`, got 5 too many. Shorten the system's or the stack's name by 5 characters.

Pulumi.${stack}.yaml:29:5  upkeep:files.uploads-of-the-students
  Expected at most 64 characters in the name of the resource \`campus-of-the-north-${stack}-uploads-of-the-s...\`, got 10 too many. Shorten this name, the system's or the stack's by 10 characters.`);
  });

  it("of stacks are part of resource names", () => {
    const folder = projectOnDisk({ "Pulumi.yaml": pulumiYaml, "Pulumi.Prod_EU.yaml": prodYaml });
    expect(refusal(() => settingsIn(folder, "Prod_EU"))).toContain('got "Prod_EU". Rename the stack, such as `prod-eu`.');
  });
});

describe("a stack that does not exist", () => {
  it("is answered with those that do, and the nearest", () => {
    const folder = projectOnDisk({ "Pulumi.yaml": pulumiYaml, "Pulumi.prod.yaml": prodYaml, "Pulumi.staging.yaml": prodYaml });
    expect(listStacks(folder)).toEqual(["prod", "staging"]);
    expect(refusal(() => readStack(folder, "prdo"))).toBe(
      only("stack", 'Expected a stack that has a file: prod or staging, got "prdo". Did you mean `prod`? Otherwise write a Pulumi.<stack>.yaml beside the others.'));
    expect(refusal(() => readStack(folder, "qa"))).toBe(
      only("stack", 'Expected a stack that has a file: prod or staging, got "qa". Name one of them, or write a Pulumi.<stack>.yaml beside the others.'));
    expect(refusal(() => readStack(folder, "../prod/.."))).toContain('Expected a stack that has a file: prod or staging, got "../prod/..".');
  });

  it("is answered with how to begin where there is none", () => {
    expect(refusal(() => readStack(projectOnDisk({ "Pulumi.yaml": pulumiYaml }), "prod"))).toBe(
      only("stack", "Expected a stack file beside Pulumi.yaml, got none. Begin with one from examples/, named `Pulumi.prod.yaml`."));
    expect(refusal(() => readStack(projectOnDisk({}), "prod"))).toBe(
      only("Pulumi.yaml", "Expected the file Pulumi.yaml in this folder, got none. Run this in the folder of the project or below it, or name that with --cwd."));
  });
});

it("every problem comes at once, in the order of the file", () => {
  const file = broken("keep: 30 days", "keep: 30").replace("daily at 03:15", "dayly at 03:15").replace("[oncall, hook]", "[]").replace("egress: nat", "egress: nta");
  expect(refusal(() => read(file)).match(/Pulumi\.prod\.yaml:\d+:\d+ {2}.+/g)).toEqual([
    "Pulumi.prod.yaml:14:7  upkeep:system.network.egress",
    "Pulumi.prod.yaml:25:9  upkeep:databases.accounts.backup.keep",
    "Pulumi.prod.yaml:29:63  upkeep:files.uploads.backup.every",
    "Pulumi.prod.yaml:34:38  upkeep:routing.P0.to",
  ]);
});
