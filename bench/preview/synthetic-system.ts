import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { stringify } from "yaml";

export interface SyntheticSystem {
  /** Folder of a project whose program is ours. */
  readonly folder: string;
  readonly remove: () => void;
}

export const stack = "synthetic";

/**
 * A stack of as many databases as asked for, as a person would have them: our own program, real components,
 * a database each for all that is declared more than once. It lies in the ignored cache.
 */
export function syntheticSystem(root: string, databases: number): SyntheticSystem {
  const cache = join(root, "node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "upkeep-bench-"));
  writeFileSync(join(folder, "Pulumi.yaml"), stringify({
    name: "synthetic", main: relative(folder, join(root, "index.ts")), runtime: { name: "nodejs" },
  }));
  writeFileSync(join(folder, `Pulumi.${stack}.yaml`), stringify({ config: configOf(databases) }));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

const image = (name: string): string => `111122223333.dkr.ecr.eu-central-1.amazonaws.com/${name}@sha256:${"1".repeat(64)}`;

const configOf = (databases: number): Readonly<Record<string, unknown>> => ({
  "aws:region": "eu-central-1",
  "upkeep:system": {
    name: "synthetic",
    account: "111122223333",
    owner: "platform@synthetic.example",
    timeZone: "Europe/Berlin",
    production: true,
    runbooks: "https://runbooks.synthetic.example",
    toolsLayer: "arn:aws:lambda:eu-central-1:111122223333:layer:upkeep-tools:1",
    network: {
      vpcId: "vpc-0a1b2c3d4e5f60718",
      privateSubnetIds: ["subnet-0a1b2c3d4e5f60711", "subnet-0a1b2c3d4e5f60712"],
      egress: "nat",
    },
    fargate: { images: { node: image("node:24-slim"), awsCli: image("aws-cli:2.31.0"), postgresql: image("postgres:18") } },
  },
  "upkeep:store": { secondRegion: "eu-west-1" },
  "upkeep:databases": Object.fromEntries(Array.from({ length: databases }, (_, index) => database(index))),
  "upkeep:channels": { team: { email: "team@synthetic.example" } },
  "upkeep:routing": Object.fromEntries(Object.entries(respondWithin).map(([severity, time]) => [severity, { respondWithin: time, to: ["team"] }])),
});

const respondWithin = { P0: "15 minutes", P1: "1 hour", P2: "4 hours", P3: "1 day" };

/** Every database has a time of its own: equal schedules would be understood once for all. */
function database(index: number): readonly [string, unknown] {
  const minute = index % (4 * 60);
  const time = `${String(3 + Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
  const name = `db${String(index).padStart(4, "0")}`;
  return [name, {
    engine: "postgresql",
    securityGroupId: `sg-${index.toString(16).padStart(17, "0")}`,
    secret: `synthetic/${name}`,
    database: name,
    sizeGiB: 4,
    backup: { every: `daily at ${time}`, keep: "35 days" },
    verify: { restore: "monthly on first sunday at 08:00" },
  }];
}
