import type { Settings } from "../../practice/config/settings.ts";
import type { Schedule } from "../../practice/config/words/schedule.ts";
import { makePlan } from "../../practice/plan/plan.ts";
import type { Entry, Plan } from "../../practice/plan/entries.ts";
import { atlasDatabase, filesSource, networkDatabase, settingsWith, systemWith } from "./settings.ts";

export const daily = (minute = 30): Schedule =>
  ({ words: `daily at 01:${minute}`, expression: `cron(${minute} 1 * * ? *)`, timeZone: "Europe/Berlin" });

export const monthly: Schedule =
  { words: "monthly on first sunday at 06:00", expression: "cron(0 6 ? * 1#1 *)", timeZone: "Europe/Berlin" };

const backup = { schedule: daily(), keepDays: 30 };

/** A sound production system with one source of each kind. */
export const campus = (parts: Partial<Settings> = {}): Settings => settingsWith({
  system: systemWith({
    production: true,
    toolsLayer: "arn:aws:lambda:eu-central-1:123456789012:layer:upkeep-tools:1",
    network: {
      kind: "ids", egress: "nat", existing: [], vpcId: "vpc-0a1b2c3d4e5f60718",
      privateSubnetIds: ["subnet-0a1b2c3d4e5f60711"], routeTableIds: ["rtb-0a1b2c3d4e5f60711"],
    },
  }),
  store: { secondRegion: "eu-west-1" },
  databases: {
    accounts: networkDatabase("postgresql", { backup, database: "accounts", sizeGiB: 4 }),
    catalogue: atlasDatabase({ backup }),
    sessions: networkDatabase("redis"),
  },
  files: { uploads: filesSource({ backup, sizeGiB: 18 }) },
  channels: { oncall: { kind: "email", address: "oncall@campus.example" }, desk: { kind: "https", url: "https://alerts.campus.example/upkeep" } },
  routing: {
    P0: { respondWithinSeconds: 900, to: ["oncall", "desk"] },
    P1: { respondWithinSeconds: 3600, to: ["oncall"] },
    P2: { respondWithinSeconds: 14_400, to: ["desk"] },
    P3: { respondWithinSeconds: 86_400, to: ["desk"] },
  },
  ...parts,
});

export const planFor = (parts: Partial<Settings> = {}): Plan => makePlan(campus(parts)).plan;

/** The one entry of a kind (and name). Throws when there is none: a test about nothing must not pass. */
export function entryOf<Kind extends Entry["kind"]>(plan: Plan, kind: Kind, name?: string): Extract<Entry, { kind: Kind }> {
  const found = plan.entries.filter((entry): entry is Extract<Entry, { kind: Kind }> =>
    entry.kind === kind && (name === undefined || entry.name === name));
  const [first, ...rest] = found;
  if (first === undefined || rest.length > 0) throw new Error(`Expected one ${kind} ${name ?? ""}, got ${found.length}.`);
  return first;
}
