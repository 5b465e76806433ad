import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { repository } from "../engine/project.ts";

/** Names that a test looks for; AWS would know the stack's things by them. */
export const smallStack = {
  stack: "dev",
  system: "campus",
  owner: "platform@campus.example",
  runbooks: "https://runbooks.campus.example",
  secrets: { accounts: "campus/dev/postgresql", catalogue: "campus/dev/mongodb" },
} as const;

export interface SmallStack {
  readonly databases: Readonly<Record<keyof typeof smallStack.secrets, string>>;
}

const { stack, system, owner, runbooks, secrets } = smallStack;

/** A program's folder: the repository's own program, and a stack file with one PostgreSQL and one MongoDB. */
export function smallStackFolder({ databases }: SmallStack): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "upkeep-stack-"));
  symlinkSync(join(repository, "index.ts"), join(folder, "index.ts"));
  writeFileSync(join(folder, "Pulumi.yaml"), stringify({
    name: system, main: "index.ts", runtime: { name: "nodejs", options: { typescript: false, nodeargs: "--import tsx" } },
  }));
  const database = { sizeGiB: 1, verify: {} };
  writeFileSync(join(folder, `Pulumi.${stack}.yaml`), stringify({
    config: {
      "aws:region": "eu-central-1",
      "upkeep:system": {
        // The account that the emulator takes us for.
        name: system, account: "000000000000", owner, runbooks, timeZone: "Europe/Berlin",
        toolsLayer: "arn:aws:lambda:eu-central-1:000000000000:layer:upkeep-tools:1",
        network: { vpcId: "vpc-0a1b2c3d4e5f60718", privateSubnetIds: ["subnet-0a1b2c3d4e5f60711"], egress: "nat" },
      },
      "upkeep:databases": {
        accounts: {
          ...database, engine: "postgresql", database: databases.accounts, secret: secrets.accounts,
          securityGroupId: "sg-0a1b2c3d4e5f60701", backup: { every: "daily at 01:45" },
        },
        catalogue: {
          ...database, engine: "mongodb", database: databases.catalogue, secret: secrets.catalogue,
          securityGroupId: "sg-0a1b2c3d4e5f60702", backup: { every: "daily at 03:15" },
        },
      },
      "upkeep:channels": { desk: { https: "https://alerts.campus.example/upkeep" } },
      "upkeep:routing": Object.fromEntries(["P0", "P1", "P2", "P3"].map((severity) => [severity, { respondWithin: "1 hour", to: ["desk"] }])),
    },
  }));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
