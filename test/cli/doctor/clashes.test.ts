import { beforeAll, describe, expect, it } from "vitest";
import type { Account, FoundEndpoint } from "../../../cli/doctor/account.ts";
import { namedTypes } from "../../../cli/doctor/named-thing.ts";
import { Maintenance } from "../../../components/maintenance.ts";
import type { NetworkById } from "../../../practice/config/settings.ts";
import { campus, planFor } from "../../support/campus.ts";
import { type Doctor, doctorOf, nothing, notYet, ours, vpc } from "../../support/doctor.ts";
import { everySetting } from "../../support/everything.ts";
import { previewed } from "../../support/preview.ts";

const others = { "upkeep:system": "campus", "upkeep:stack": "other" };
/** The stack that asks for all that the practice can do, in the network and the account of the reference system. */
const everything = { ...everySetting(), system: { ...everySetting().system, account: "123456789012", network: campus().system.network as NetworkById } };

describe("upkeep doctor, of names", () => {
  let doctor: Doctor;
  beforeAll(async () => {
    doctor = await doctorOf(everything);
  });

  it.each<readonly [string, string, string]>([
    ["aws:lambda/function:Function", "campus-test-evidence", "functions"],
    ["aws:sfn/stateMachine:StateMachine", "campus-test-accounts-backup", "state machines"],
    ["aws:scheduler/schedule:Schedule", "campus-test-evidence", "schedules"],
    ["aws:sqs/queue:Queue", "campus-test-evidence", "queues"],
    ["aws:cloudwatch/logGroup:LogGroup", "/aws/lambda/campus-test-evidence", "log groups"],
    ["aws:cloudwatch/metricAlarm:MetricAlarm", "campus-test-evidence-silent", "alarms"],
    ["aws:cloudwatch/compositeAlarm:CompositeAlarm", "campus-test-accounts-age", "combined alarms"],
    ["aws:cloudwatch/alarmMuteRule:AlarmMuteRule", "campus-test-quiet-hours", "mute rules"],
    ["aws:sns/topic:Topic", "campus-test-P0", "topics"],
    ["aws:kms/alias:Alias", "alias/campus-test-alerts", "key aliases"],
    ["aws:ec2/securityGroup:SecurityGroup", "campus-test-upkeep", "security groups"],
    ["aws:ecs/cluster:Cluster", "campus-test-tasks", "clusters"],
    ["aws:ecs/taskDefinition:TaskDefinition", "campus-test-accounts-drill", "task definitions"],
    ["aws:ssm/document:Document", "campus-test-disk-backup", "documents"],
    ["aws:cloudwatch/eventRule:EventRule", "campus-test-disk-backup", "event rules"],
    ["aws:iam/policy:Policy", "campus-test-hosts-web-1", "policies"],
    ["aws:backup/restoreTestingPlan:RestoreTestingPlan", "campus_test_ledger", "restore tests"],
  ])("tells of one of %s that another stack has", async (type, taken, what) => {
    const tags: Account["tags"] = (asked, { name }) => Promise.resolve(asked === type && name === taken ? others : ours);
    expect(await doctor.amiss({ tags })).toEqual([`problem: names of ${what}: taken by others: ${taken}`]);
  });

  it("takes what nobody marked for somebody's: Lambda makes log groups by itself", async () => {
    expect(await doctor.amiss({ tags: (type, { name }) => Promise.resolve(type.includes("logGroup") && name.endsWith("evidence") ? {} : ours) }))
      .toEqual(["problem: names of log groups: taken by others: /aws/lambda/campus-test-evidence"]);
  });

  it("asks for a group by its network, and about the second region's alias there", async () => {
    const asked: string[] = [];
    const noting = (where: string): Partial<Account> => ({
      tags: (_, { name, vpcId }, number) => {
        asked.push([where, name, vpcId, number].join(" "));
        return Promise.resolve(ours);
      },
    });
    await doctor.found(noting("here"), noting("there"));
    expect(asked).toContain(`here campus-test-upkeep ${vpc} 123456789012`);
    expect(asked.filter((one) => one.startsWith("there")).toSorted()).toEqual(
      ["alias/campus-test-backups", "campus-test-journal-backup", "campus-test-ledger-backup"].map((name) => `there ${name}  123456789012`));
  });

  it("says which names are free yet where others are there: a database that is to come", async () => {
    const found = await doctor.found({ tags: (_, { name }) => Promise.resolve(name === "campus-test-uploads-backup" ? undefined : ours) });
    expect(found.find(({ check }) => check === "names of queues")).toEqual({ check: "names of queues", state: "ok", found: "24 there, this stack's; free: campus-test-uploads-backup" });
  });

  it("takes another stack's evidence function for nobody's", async () => {
    expect(await doctor.amiss({ lambda: () => Promise.resolve({ tags: others, environment: {} }) })).toEqual([`unknown: deployed: ${notYet}`]);
  });

  it("asks for every thing whose name the stack fixes", async () => {
    const { resources } = await previewed(() => void new Maintenance("campus", { plan: planFor(everything) }));
    const fixed = resources.filter(({ custom, inputs }) => custom && [inputs.name, inputs.alarmName, inputs.family].some((name) => typeof name === "string")).map(({ type }) => type);
    // AWS Backup and State Manager know plans and associations by an id of their own and ask for no other name; that of a
    // selection counts within its plan, that of a stream within its log group.
    const neverClash = [
      "aws:backup/plan:Plan", "aws:backup/restoreTestingSelection:RestoreTestingSelection", "aws:backup/selection:Selection",
      "aws:cloudwatch/logStream:LogStream", "aws:ssm/association:Association",
    ];
    expect([...new Set(fixed)].toSorted()).toEqual([...Object.keys(namedTypes), ...neverClash].toSorted());
  });
});

describe("upkeep doctor, of the second region", () => {
  let doctor: Doctor;
  beforeAll(async () => {
    doctor = await doctorOf();
  });
  const refusal = (name: string) => (): Promise<never> => Promise.reject(Object.assign(new Error("The security token included in the request is invalid"), { name }));

  it.each<readonly [string, Partial<Account>, readonly string[]]>([
    ["a region that is not switched on", { number: refusal("InvalidClientTokenId") }, ["problem: second region: eu-west-1 refuses these credentials"]],
    ["one that nobody answers from", { number: refusal("TimeoutError") }, ["unknown: second region: could not look: The security token included in the request is invalid"]],
    ["another account there", { number: () => Promise.resolve("999999999999") }, ["problem: second region: eu-west-1 says account 999999999999"]],
    ["a replica that is gone", { bucketExists: () => Promise.resolve(false) }, ["problem: store in eu-west-1: there is no bucket campus-test-backups-1-replica"]],
    ["a replica's key that will be deleted", { keyState: () => Promise.resolve("PendingDeletion") },
      ["problem: store in eu-west-1: the key of campus-test-backups-1-replica is PendingDeletion"]],
    ["a replica's alias that leads nowhere", { keyState: nothing }, ["problem: store in eu-west-1: the key of campus-test-backups-1-replica is gone"]],
    ["an alias that others have", { tags: () => Promise.resolve(others) }, ["problem: names of key aliases in eu-west-1: taken by others: alias/campus-test-backups"]],
  ])("tells of %s", async (_, elsewhere, expected) => {
    expect(await doctor.amiss({}, elsewhere)).toEqual(expected);
  });

  it("tells of functions that were deployed without it", async () => {
    expect(await doctor.amiss({ lambda: () => Promise.resolve({ tags: ours, environment: { UPKEEP_STORE_BUCKET: "campus-test-backups-1", UPKEEP_REPLICA_BUCKET: "" } }) }))
      .toEqual(["problem: store in eu-west-1: the functions name none"]);
  });
});

describe("upkeep doctor, of endpoints", () => {
  const rtb = "rtb-0a1b2c3d4e5f60711";
  let doctor: Doctor;
  beforeAll(async () => {
    doctor = await withEndpoints();
  });
  const withEndpoints = (existing: NetworkById["existing"] = []) => {
    const { system } = campus();
    return doctorOf({ system: { ...system, network: { ...system.network as NetworkById, egress: "endpoints", cidr: "10.0.0.0/16", existing } } });
  };
  const endpoint = (service: string, parts: Partial<FoundEndpoint> = {}): FoundEndpoint =>
    ({ id: `vpce-${service}`, service: `com.amazonaws.eu-central-1.${service}`, kind: "Interface", privateNames: true, routeTableIds: [], tags: others, ...parts });
  const answers = (...endpoints: readonly FoundEndpoint[]): Partial<Account> => ({ resolvesNames: () => Promise.resolve(true), endpoints: () => Promise.resolve(endpoints) });
  const s3 = (parts: Partial<FoundEndpoint>) => endpoint("s3", { kind: "Gateway", privateNames: false, routeTableIds: [rtb], ...parts });

  it.each<readonly [string, Partial<Account>, readonly string[]]>([
    ["none", answers(), []],
    ["the stack's own", answers(endpoint("logs", { tags: ours }), s3({ tags: ours })), []],
    ["one of the same service", answers(endpoint("logs")), ["problem: endpoint for logs: the network has vpce-logs already, under the service's name"]],
    ["one without private names, which is in nobody's way", answers(endpoint("logs", { privateNames: false })), []],
    ["a gateway in the same route table", answers(s3({})), [`problem: endpoint for s3: ${rtb} leads to S3 through vpce-s3 already`]],
    ["a gateway in other route tables", answers(s3({ routeTableIds: ["rtb-2"] })), []],
    ["a network without DNS", { ...answers(), resolvesNames: () => Promise.resolve(false) },
      [`problem: DNS of the VPC: ${vpc} has DNS support or DNS host names switched off`]],
  ])("finds %s", async (_, account, expected) => {
    expect(await doctor.amiss(account)).toEqual(expected);
  });

  it("looks for those that the stack file says exist, and does not mind them", async () => {
    const using = await withEndpoints(["logs", "s3"]);
    expect(await using.amiss(answers(endpoint("logs"), s3({})))).toEqual([]);
    expect(await using.amiss(answers(endpoint("logs")))).toEqual([`problem: endpoint for s3: ${vpc} has none, the stack file says that it exists`]);
  });
});
