import { AlarmMuteRule } from "@pulumi/aws/cloudwatch/alarmMuteRule.js";
import { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import { VpcEndpoint } from "@pulumi/aws/ec2/vpcEndpoint.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { Function as LambdaFunction } from "@pulumi/aws/lambda/function.js";
import { Schedule } from "@pulumi/aws/scheduler/schedule.js";
import { DashboardJson } from "@pulumi/datadog/dashboardJson.js";
import { describe, expect, it } from "vitest";
import { Maintenance } from "../../components/maintenance.ts";
import type { Settings } from "../../practice/config/settings.ts";
import { evidenceGrants, retentionGrants } from "../../practice/contract/permissions.ts";
import { campus, planFor } from "../support/campus.ts";
import { previewed } from "../support/preview.ts";

const maintenance = (parts: Partial<Settings> = {}) => previewed(() => new Maintenance("campus", { plan: planFor(parts) }));

/** All that the components declare and AWS gives no tags. Whatever else they declare has to carry them. */
const withoutTags: ReadonlySet<string> = new Set([
  "aws:iam/rolePolicy:RolePolicy",
  "aws:kms/alias:Alias",
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketVersioning:BucketVersioning",
  "aws:scheduler/schedule:Schedule",
  "aws:sns/topicPolicy:TopicPolicy",
  "aws:sns/topicSubscription:TopicSubscription",
]);

function closedSubnets(): Partial<Settings> {
  const { accounts } = campus().databases;
  if (accounts === undefined) throw new Error("Expected a PostgreSQL database.");
  const network = { kind: "ids", egress: "endpoints", existing: [], cidr: "10.0.0.0/16", vpcId: "vpc-1", privateSubnetIds: ["subnet-1"], routeTableIds: ["rtb-1"] } as const;
  return { system: { ...campus().system, network }, databases: { accounts } };
}

describe("Maintenance", () => {
  it("registers the plan as its inputs", async () => {
    const { byType } = await maintenance();
    const [whole] = byType(Maintenance.type);
    expect(whole?.inputs.plan).toEqual(JSON.parse(JSON.stringify(planFor())));
  });

  it("declares one component per entry, named by the entry and holding it", async () => {
    const { byType, childrenOf } = await maintenance();
    const [whole] = byType(Maintenance.type);
    if (whole === undefined) throw new Error("Expected the whole.");
    const declared = childrenOf(whole).map(({ name, inputs }) => `${name} of ${(inputs.entry as { name: string }).name}`);
    expect(declared.toSorted()).toEqual(planFor().entries.map(({ name }) => `campus-${name} of ${name}`).toSorted());
  });

  it.each<[string, () => Partial<Settings>]>([
    ["as it is usual", () => ({})],
    ["with quiet hours", () => ({ quietHours: { from: "20:00", until: "08:00", timeZone: "Europe/Berlin" } })],
    ["in closed subnets", closedSubnets],
  ])("gives every resource that AWS lets be tagged the four tags, %s", async (_, parts) => {
    const { resources } = await maintenance(parts());
    const ofAws = resources.filter(({ type }) => type.startsWith("aws:"));
    const tagged = ofAws.filter(({ type }) => !withoutTags.has(type));
    expect(tagged.length).toBeGreaterThan(30);
    const lacking = tagged.filter(({ inputs }) =>
      Object.keys(inputs.tags ?? {}).toSorted().join(" ") !== "upkeep:owner upkeep:practice upkeep:stack upkeep:system");
    expect(lacking.map(({ type, name }) => `${type} ${name}`)).toEqual([]);
    expect(ofAws.filter(({ type, inputs }) => withoutTags.has(type) && "tags" in inputs)).toEqual([]);
  });

  it("registers nothing but itself when there is nothing to do", async () => {
    const { resources } = await previewed(() => new Maintenance("bare", { plan: { ...planFor(), entries: [] } }));
    expect(resources.filter(({ type }) => type.startsWith("upkeep:"))).toHaveLength(1);
  });

  it("watches the queue, the state machine and the functions that it declared", async () => {
    const { byType, byName } = await maintenance();
    const dependency = (name: string) => byName(name, MetricAlarm).propertyDependencies.dimensions;
    expect(dependency("campus-accounts-failed")).toEqual([byName("campus-accounts", "aws:sfn/stateMachine:StateMachine").urn]);
    expect(dependency("campus-uploads-not-started")).toEqual([byName("campus-uploads", "aws:sqs/queue:Queue").urn]);
    expect(dependency("campus-evidence-failed")).toEqual([byName("campus-evidence", LambdaFunction).urn]);
    for (const { inputs } of byType(MetricAlarm)) expect(Object.keys(inputs.dimensions as object)).not.toEqual([]);
  });

  it("runs evidence every 15 minutes and retention every 6 hours", async () => {
    const { byName } = await maintenance();
    expect(byName("campus-evidence", Schedule).inputs.scheduleExpression).toBe("rate(15 minutes)");
    expect(byName("campus-retention", Schedule).inputs.scheduleExpression).toBe("rate(6 hours)");
  });

  it("lets evidence read and retention tag, and neither delete", async () => {
    const { byName } = await maintenance();
    const actions = (name: string) => (byName(name, RolePolicy).inputs.policy as unknown as { Statement: readonly { Action: readonly string[] }[] })
      .Statement.flatMap(({ Action }) => Action).filter((action) => !action.startsWith("logs:"));
    expect(actions("campus-evidence")).toEqual(evidenceGrants.flatMap((grant) => grant.actions));
    expect(actions("campus-retention")).toEqual(retentionGrants.flatMap((grant) => grant.actions));
    expect([...actions("campus-evidence"), ...actions("campus-retention")].filter((action) => action.includes("Delete"))).toEqual([]);
  });

  it("gives retention the copy in the second region, and an empty name where there is none", async () => {
    const variables = (found: Awaited<ReturnType<typeof maintenance>>) =>
      (found.byName("campus-retention", LambdaFunction).inputs.environment as unknown as { variables: Record<string, unknown> }).variables;
    expect(variables(await maintenance()).UPKEEP_REPLICA_REGION).toBe("eu-west-1");
    expect(variables(await maintenance({ store: {}, system: { ...campus().system, production: false } }))).toMatchObject({ UPKEEP_REPLICA_BUCKET: "", UPKEEP_REPLICA_REGION: "" });
  });

  it("declares the endpoints of closed subnets", async () => {
    const { byType } = await maintenance(closedSubnets());
    expect(byType(VpcEndpoint).map(({ inputs }) => [inputs.serviceName, inputs.vpcEndpointType])).toContainEqual(["com.amazonaws.eu-central-1.s3", "Gateway"]);
    expect(byType(VpcEndpoint).map(({ inputs }) => inputs.serviceName)).toContain("com.amazonaws.eu-central-1.secretsmanager");
    expect(byType(VpcEndpoint)).toHaveLength(5);
    expect((await maintenance()).byType(VpcEndpoint)).toEqual([]);
  });

  it("takes the network from another stack", async () => {
    const network = {
      kind: "stack", egress: "nat", existing: [], stackReference: "acme/network/prod",
      outputs: { vpcId: "vpcId", privateSubnetIds: "privateSubnetIds", routeTableIds: "routeTableIds", cidr: "cidr" },
    } as const;
    const { byType } = await maintenance({ system: { ...campus().system, network } });
    expect(byType("pulumi:pulumi:StackReference").map(({ name }) => name)).toEqual(["acme/network/prod"]);
  });

  it("silences every alarm that pages in the quiet hours, and no other", async () => {
    const { byType } = await maintenance({ quietHours: { from: "19:00", until: "08:00", timeZone: "Europe/Berlin" } });
    const [rule] = byType(AlarmMuteRule);
    const { alarmNames } = rule?.inputs.muteTargets as unknown as { alarmNames: readonly string[] };
    expect(alarmNames).toContain("campus-test-accounts-age");
    expect(alarmNames.filter((name) => name.endsWith("-measured"))).toEqual([]);
    expect(alarmNames).toHaveLength(planFor().entries.filter(({ kind }) => kind === "alert").length);
    expect((await maintenance()).byType(AlarmMuteRule)).toEqual([]);
  });

  it("shows the ages in Datadog with the limit that AWS pages at", async () => {
    const { byType } = await maintenance({ datadog: { site: "datadoghq.eu" } });
    const [board] = byType(DashboardJson);
    expect(JSON.parse(board?.inputs.dashboard as string)).toMatchObject({
      title: "Maintenance of campus (test)",
      widgets: expect.arrayContaining([{
        definition: {
          type: "timeseries",
          title: "Age of the newest backup: accounts",
          requests: [{ q: "max:upkeep.backup_age_seconds{system:campus,stack:test,source:accounts}", display_type: "line" }],
          markers: [{ value: "y = 97200", display_type: "error dashed", label: "too old" }],
        },
      }]) as unknown,
    });
  });
});
