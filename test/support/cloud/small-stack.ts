import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { repository } from "../engine/project.ts";
import type { Network } from "./network.ts";

/** The emulator starts what is due, with a context attribute that it does not replace: nothing may be due while a test runs. */
const dailyIn = (hours: number): string => `daily at ${new Date(Date.now() + hours * 3_600_000).toISOString().slice(11, 16)}`;

/** Names that a test looks for; AWS would know the stack's things by them. */
export const smallStack = {
  stack: "dev",
  system: "campus",
  owner: "platform@campus.example",
  runbooks: "https://runbooks.campus.example",
  secrets: { accounts: "campus/dev/postgresql", catalogue: "campus/dev/mongodb" },
  /** How often the accounts are backed up. */
  accountsEvery: dailyIn(12),
  toolsLayer: "arn:aws:lambda:eu-central-1:000000000000:layer:upkeep-tools:1",
} as const;

export interface SmallStack {
  readonly databases: Readonly<Record<keyof typeof smallStack.secrets, string>>;
  readonly network: Network;
  /** Address to which alerts go. */
  readonly desk: string;
}

const { stack, system, owner, runbooks, secrets } = smallStack;

/** A program's folder: the repository's own program, and a stack file with one PostgreSQL and one MongoDB. */
export function smallStackFolder({ databases, network, desk }: SmallStack): { readonly folder: string; readonly remove: () => void } {
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
        name: system, account: "000000000000", owner, runbooks, timeZone: "UTC",
        toolsLayer: smallStack.toolsLayer,
        network: { vpcId: network.vpcId, privateSubnetIds: [network.subnetId], egress: "nat" },
      },
      "upkeep:databases": {
        accounts: {
          ...database, engine: "postgresql", database: databases.accounts, secret: secrets.accounts,
          securityGroupId: network.securityGroupIds.accounts, backup: { every: smallStack.accountsEvery },
        },
        catalogue: {
          ...database, engine: "mongodb", database: databases.catalogue, secret: secrets.catalogue,
          securityGroupId: network.securityGroupIds.catalogue, backup: { every: dailyIn(14) },
        },
      },
      "upkeep:channels": { desk: { https: desk } },
      "upkeep:routing": Object.fromEntries(["P0", "P1", "P2", "P3"].map((severity) => [severity, { respondWithin: "1 hour", to: ["desk"] }])),
    },
  }));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
