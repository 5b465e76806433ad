import type { Account } from "../../cli/doctor/account.ts";
import { examine } from "../../cli/doctor/examine.ts";
import type { Finding } from "../../cli/doctor/finding.ts";
import { namedIn, type Subject } from "../../cli/doctor/subject.ts";
import { Maintenance } from "../../components/maintenance.ts";
import type { Settings } from "../../practice/config/settings.ts";
import type { Plan } from "../../practice/plan/entries.ts";
import { planFor } from "./campus.ts";
import { previewed } from "./preview.ts";

export const NOW = new Date("2026-11-23T12:00:00Z");
export const hoursAgo = (hours: number): Date => new Date(NOW.getTime() - hours * 3_600_000);

export const vpc = "vpc-0a1b2c3d4e5f60718";
export const ours = { "upkeep:system": "campus", "upkeep:stack": "test" };
export const notYet = "not yet: store, subscriptions, schedules, tasks, associations, backups, drills and alarms were not looked at";
export const people = [{ endpoint: "oncall@campus.example", confirmed: true }, { endpoint: "https://alerts.campus.example/upkeep", confirmed: true }];

/** Rows about names, of the reference system. */
export const namesAsked: readonly string[] = [
  "names of functions", "names of state machines", "names of schedules", "names of queues", "names of log groups", "names of alarms",
  "names of combined alarms", "names of topics", "names of key aliases", "names of key aliases in eu-west-1", "names of security groups",
];

export const nothing = (): Promise<undefined> => Promise.resolve(undefined);
export const denied = (): Promise<never> => Promise.reject(Object.assign(new Error("not authorized to perform: ec2:DescribeVpcs"), { name: "AccessDeniedException" }));

/** A deployed stack in which all is well, in both of its regions. */
const sound: Account = {
  number: () => Promise.resolve("123456789012"),
  secret: () => Promise.resolve({}),
  keyState: (key) => (key === "alias/campus-test-backups" ? Promise.resolve("Enabled") : Promise.reject(new Error(`Expected a question about the stores' keys, got ${key}.`))),
  tags: () => Promise.resolve(ours),
  vpc: () => Promise.resolve({ cidr: "10.0.0.0/16" }),
  resolvesNames: () => Promise.reject(new Error("Expected no question about DNS: no endpoint is declared.")),
  endpoints: () => Promise.reject(new Error("Expected no question about endpoints: none is declared.")),
  subnetVpc: () => Promise.resolve(vpc),
  securityGroupVpc: () => Promise.resolve(vpc),
  routeTableVpc: () => Promise.resolve(vpc),
  defaultRoute: () => Promise.resolve("nat-1"),
  layerArchitectures: () => Promise.resolve(["x86_64"]),
  bucketExists: () => Promise.resolve(true),
  lambda: () => Promise.resolve({ tags: ours, environment: { UPKEEP_STORE_BUCKET: "campus-test-backups-1", UPKEEP_REPLICA_BUCKET: "campus-test-backups-1-replica" } }),
  concurrency: () => Promise.resolve(1000),
  subscriptions: () => Promise.resolve(people),
  scheduleState: () => Promise.resolve("ENABLED"),
  raisedAlarms: () => Promise.resolve([]),
  newestBackup: () => Promise.resolve(hoursAgo(3)),
  newestDrill: () => Promise.resolve({ startedAt: hoursAgo(72), outcome: "restored" }),
  clusterState: () => Promise.resolve("ACTIVE"),
  hasTaskDefinition: () => Promise.resolve(true),
  roleExists: () => Promise.resolve(true),
  managedNode: () => Promise.resolve({ ping: "Online", platform: "Linux", role: "campus-web" }),
  association: () => Promise.resolve({ id: "0c1d2e3f", instanceIds: ["mi-0a1b2c3d4e5f60718"], status: "Success", ranAt: hoursAgo(0.4) }),
};

/** An account that answers what a test taught it, and throws at every other question. */
export const accountThat = (answers: Partial<Account>): Account => new Proxy(answers, {
  get: (taught, question: string) => taught[question as keyof Account] ?? (() => {
    throw new Error(`Nobody taught this account to answer: ${question}.`);
  }),
}) as Account;

type Asked = Omit<Subject, "account" | "accountIn" | "number">;

export interface Doctor {
  readonly asked: Asked;
  readonly examined: (account: Account, elsewhere?: Account) => Promise<readonly Finding[]>;
  /** What it finds where all is well but for some answers. `elsewhere`: of the second region. Default: the same. */
  readonly found: (answers?: Partial<Account>, elsewhere?: Partial<Account>) => Promise<readonly Finding[]>;
  /** The same, without what is well: `problem: check: what`. */
  readonly amiss: (answers: Partial<Account>, elsewhere?: Partial<Account>) => Promise<readonly string[]>;
}

/** A doctor for the reference system, with parts of it changed. */
export async function doctorOf(parts: Partial<Settings> = {}): Promise<Doctor> {
  const plan: Plan = planFor(parts);
  const { resources, byName } = await previewed(() => void new Maintenance("campus", { plan }));
  const asked: Asked = { plan, now: NOW, namedOf: namedIn(resources, byName("campus", Maintenance.type).urn) };
  const examined: Doctor["examined"] = (account, elsewhere = account) => examine({ ...asked, account, accountIn: only("eu-west-1", elsewhere) });
  const found: Doctor["found"] = (answers = {}, elsewhere = answers) => examined(accountThat({ ...sound, ...answers }), accountThat({ ...sound, ...elsewhere }));
  return {
    asked, examined, found,
    amiss: async (answers, elsewhere) =>
      (await found(answers, elsewhere)).filter(({ state }) => state !== "ok").map(({ state, check, found: what }) => `${state}: ${check}: ${what}`),
  };
}

const only = (known: string, account: Account) => (region: string): Account => {
  if (region !== known) throw new Error(`Expected a question to ${known}, got one to ${region}.`);
  return account;
};
