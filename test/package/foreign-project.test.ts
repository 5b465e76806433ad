import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PreviewDocument } from "../../preview/document.ts";
import { Elsewhere, typeErrorsOf, upkeepOf } from "../support/package.ts";

/** The slowest test of the suite: it packs, installs and compiles, which a busy machine takes minutes for. */
const LIMIT_MILLISECONDS = 180_000;

const stackFiles = {
  "Pulumi.yaml": "name: shop\nruntime: nodejs\n",
  "Pulumi.prod.yaml": "config:\n  aws:region: eu-central-1\n",
};

const practice = `{
  system: {
    name: "shop", account: "111122223333", owner: "shop@example.com", timeZone: "UTC", runbooks: "https://runbooks.example.com",
    toolsLayer: "arn:aws:lambda:eu-central-1:111122223333:layer:upkeep-tools:1",
    network: { vpcId: "vpc-0a1b2c3d4e5f60718", privateSubnetIds: ["subnet-0a1b2c3d4e5f60711"], egress: "nat" },
  },
  databases: {
    orders: {
      engine: "postgresql", database: "orders", secret: "shop/orders", sizeGiB: 2, securityGroupId: group.id,
      backup: { every: "daily at 03:00", keep: "14 days" },
    },
  },
  channels: { team: { email: "shop@example.com" } },
  routing: {
    P1: { respondWithin: "1 hour", to: ["team"] }, P2: { respondWithin: "4 hours", to: ["team"] }, P3: { respondWithin: "1 day", to: ["team"] },
  },
}`;

const module = {
  ...stackFiles,
  "package.json": `{ "name": "shop", "private": true, "type": "module" }`,
  "index.ts": `
    import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
    import { Maintenance, type MaintenanceArgs } from "upkeep";

    const group = new SecurityGroup("database", {});
    const practice: MaintenanceArgs = ${practice};
    export const topics = new Maintenance("shop", practice).topicArns;
  `,
  "wrong.ts": `
    import { Maintenance } from "upkeep";

    // @ts-expect-error An argument that is missing is noticed.
    new Maintenance("shop", { system: { name: "shop" } });
  `,
  "required.cts": `
    import { Maintenance, type MaintenanceArgs } from "upkeep";

    export const backups = (practice: MaintenanceArgs) => new Maintenance("shop", practice).storeBucketName;
  `,
  // The strictest about what may require what. Declarations are checked too: what is broken in one of ours would otherwise be "any" without a word.
  "tsconfig.json": `{ "compilerOptions": { "module": "node16", "target": "es2022", "strict": true, "noEmit": true, "skipLibCheck": false } }`,
};

const script = {
  ...stackFiles,
  "package.json": `{ "name": "shop", "private": true }`,
  "index.js": `
    const { SecurityGroup } = require("@pulumi/aws/ec2/securityGroup.js");
    const { Maintenance } = require("upkeep");

    const group = new SecurityGroup("database", {});
    exports.topics = new Maintenance("shop", ${practice}).topicArns;
  `,
};

describe("a project of somebody else's that has installed the package", () => {
  const elsewhere = new Elsewhere();
  let [moduleProject, scriptProject] = ["", ""];
  beforeAll(async () => {
    const tarball = await elsewhere.pack();
    moduleProject = await elsewhere.project("module", tarball, module);
    scriptProject = await elsewhere.project("script", tarball, script);
  }, LIMIT_MILLISECONDS);
  afterAll(() => elsewhere.remove());

  const previewOf = async (folder: string): Promise<PreviewDocument> => {
    const { exitCode, stdout, stderr } = await upkeepOf(folder, "preview", "--stack", "prod", "--json");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    return JSON.parse(stdout) as PreviewDocument;
  };

  it("is compiled against the declarations, imported and required, with an Output for an id", async () => {
    expect(await typeErrorsOf(moduleProject)).toEqual([]);
  }, LIMIT_MILLISECONDS);

  it("is previewed as an ES module and as CommonJS, with the same resources, judged by the package's rules", async () => {
    const ofModule = await previewOf(moduleProject);
    expect(ofModule.problems).toEqual([]);
    expect(ofModule.resources.find(({ type }) => type === "upkeep:backup:DatabaseBackup")?.name).toBe("shop-orders");
    expect(ofModule.judged.find(({ policy }) => policy === "databases-have-backups")).toMatchObject({ passed: 1, violated: 0 });
    const ofScript = await previewOf(scriptProject);
    expect(ofScript.resources).toEqual(ofModule.resources);
    expect(ofScript.judged).toEqual(ofModule.judged);
  }, LIMIT_MILLISECONDS);

  it("gets what it runs, reads and applies, and nothing that was only needed to make it", () => {
    const folder = join(moduleProject, "node_modules", "upkeep");
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => statSync(join(folder, path)).isFile());
    expect(files).toEqual(expect.arrayContaining([
      "LICENSE", "README.md", "cli/bin/upkeep.js", "cli/dist/THIRD-PARTY-NOTICES.txt",
      "dist/handlers/THIRD-PARTY-NOTICES.txt", "dist/handlers/backup/index.mjs", "dist/index.cjs", "dist/index.js",
      "policies/PulumiPolicy.yaml", "policies/dist/index.cjs", "policies/dist/rules.cjs",
    ]));
    const needless = files.filter((path) => /(^|\/)(test|bench|tools|node_modules)\/|(?<!\.d)\.ts$|\.map$/.test(path));
    expect(needless).toEqual([]);
    const megabytes = files.reduce((sum, path) => sum + readFileSync(join(folder, path)).length, 0) / 1_000_000;
    // Eight handlers of 0.5 to 1.8 MB, each with its AWS clients, two of them with the driver of MongoDB; the commands, 3.5 MB with the clients
    // that doctor asks; the library twice; the terms of all that is inside, 0.25 MB.
    expect(megabytes).toBeLessThan(12.5);
  });
});
