import { readStack, settingsOf, type Settings, StackFileError } from "../../../practice/config/index.ts";
import { projectOnDisk } from "../../support/project-on-disk.ts";

/** Schedules are judged as of this day. */
export const today = new Date("2026-11-23T12:00:00Z");

export const pulumiYaml = "name: campus\nruntime: nodejs\n";

/** A whole stack file in which every line is good. Tests break one of them. */
export const prodYaml = `config:
  aws:region: eu-central-1
  upkeep:system:
    name: campus
    account: "123456789012"
    owner: platform@campus.example
    timeZone: Europe/Berlin
    production: true
    runbooks: https://runbooks.campus.example/
    toolsLayer: arn:aws:lambda:eu-central-1:123456789012:layer:upkeep-tools:1
    network:
      vpcId: vpc-0a1b2c3d
      privateSubnetIds: [subnet-0a1b2c3d, subnet-0a1b2c3e]
      egress: nat
  upkeep:store: { secondRegion: eu-west-1, lock: { mode: governance, keep: 14 days } }
  upkeep:databases:
    accounts:
      engine: postgresql
      securityGroupId: sg-0a1b2c3d
      database: accounts
      secret: campus/prod/postgresql
      sizeGiB: 40
      backup:
        every: daily at 01:30
        keep: 30 days
      verify: { restore: monthly on first sunday at 06:00 }
      maintenanceWindow: weekly on tuesday at 04:00 for 1 hour
  upkeep:files:
    uploads: { bucket: campus-uploads, sizeGiB: 20, backup: { every: daily at 03:15 } }
  upkeep:channels:
    oncall: { email: oncall@campus.example }
    hook: { https: "https://alerts.campus.example/upkeep" }
  upkeep:routing:
    P0: { respondWithin: 15 minutes, to: [oncall, hook] }
`;

/** The good file with one piece of it replaced; throws when the piece is not there. */
export function broken(piece: string, by: string): string {
  if (!prodYaml.includes(piece)) throw new Error(`Expected a piece of the good file, got ${JSON.stringify(piece)}: take it from there.`);
  return prodYaml.replace(piece, by);
}

export function read(prod: string, project: string = pulumiYaml): Settings {
  return settingsOf(readStack(projectOnDisk({ "Pulumi.yaml": project, "Pulumi.prod.yaml": prod }), "prod"), today);
}

/** What a person reads when the file cannot be used. */
export function refusal(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    if (error instanceof StackFileError) return error.message;
    throw error;
  }
  throw new Error("Expected the stack file to be refused, got settings.");
}
