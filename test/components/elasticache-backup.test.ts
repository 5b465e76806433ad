import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { BucketLifecycleConfiguration } from "@pulumi/aws/s3/bucketLifecycleConfiguration.js";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy.js";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock.js";
import { BucketServerSideEncryptionConfiguration } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration.js";
import { Function as LambdaFunction } from "@pulumi/aws/lambda/function.js";
import { StateMachine } from "@pulumi/aws/sfn/stateMachine.js";
import { describe, expect, it } from "vitest";
import { Maintenance } from "../../components/maintenance.ts";
import type { ElastiCacheDatabase } from "../../practice/config/settings.ts";
import { daily, planFor } from "../support/campus.ts";
import { elasticacheDatabase } from "../support/settings.ts";
import { previewed } from "../support/preview.ts";
import { declareStack } from "../support/iam/declared-stack.ts";

const database = (elasticache: ElastiCacheDatabase["elasticache"]): ElastiCacheDatabase =>
  elasticacheDatabase({ elasticache, backup: { schedule: daily(), keepDays: 30, content: "off" } });
const declared = (databases = { carts: database({ replicationGroup: "campus-carts" }), queue: database({ cacheCluster: "campus-queue" }) }) =>
  previewed(() => new Maintenance("campus", { plan: planFor({ databases, files: {} }) }));

interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly TimeoutSeconds?: number;
  readonly Catch?: readonly { readonly Next: string }[];
  readonly Choices?: readonly { readonly Next: string }[];
}

describe("a backup that ElastiCache exports", () => {
  it("runs outside the network, without database programs, and is told what to export and where", async () => {
    const { byName } = await declared();
    const { inputs } = byName("campus-carts", LambdaFunction);
    expect(inputs).toMatchObject({ layers: [], environment: { variables: { UPKEEP_REPLICATION_GROUP: "campus-carts", UPKEEP_DATABASE: "0", UPKEEP_CONTENT: "off", UPKEEP_SOURCE: "carts" } } });
    expect(inputs.vpcConfig).toBeUndefined();
    expect(JSON.stringify(inputs.code)).toContain("elasticache/index.mjs");
    const { variables } = byName("campus-queue", LambdaFunction).inputs.environment as { variables: Readonly<Record<string, string>> };
    expect(variables).toMatchObject({ UPKEEP_CACHE_CLUSTER: "campus-queue" });
    expect(variables).not.toHaveProperty("UPKEEP_REPLICATION_GROUP");
  });

  it("looks and waits until the export is there, stores it, and clears away whatever came of it", async () => {
    const stack = await declareStack();
    const { definition } = stack.the("aws:sfn/stateMachine:StateMachine", "campus-carts").inputs as { definition: string };
    const { StartAt, States } = JSON.parse(definition) as { StartAt: string; States: Readonly<Record<string, State>> };
    expect(StartAt).toBe("Begin");
    const next = ({ Next, Choices = [], Catch = [] }: State): readonly string[] => [...Choices.map((choice) => choice.Next), ...(Next === undefined ? [] : [Next]), ...Catch.map((caught) => `! ${caught.Next}`)];
    expect(Object.fromEntries(Object.entries(States).map(([name, state]) => [name, next(state)]))).toEqual({
      Begin: ["Look"], Look: ["Choose", "! Clear"], Choose: ["Wait", "Store", "Verify"], Wait: ["Look"], Store: ["Verify", "! Clear"],
      Verify: ["Remove", "! Clear"], Remove: ["Report", "! Left"], Report: [], Left: [], Clear: ["Failed", "! Failed"], Failed: [],
    });
    // What waits for somebody has an end.
    expect(Object.entries(States).filter(([, { Type }]) => Type === "Task").map(([name, { TimeoutSeconds }]) => [name, TimeoutSeconds])).toEqual([["Look", 330], ["Store", 930], ["Verify", 330], ["Remove", 330], ["Clear", 330]]);
  });

  it("may order, export and delete its own snapshots of its own group, and nobody else's", async () => {
    const stack = await declareStack();
    const on = (role: string, action: string): readonly string[] => stack.rolePolicy(role).Statement.filter(({ Action = [] }) => Action.includes(action)).flatMap(({ Resource = [] }) => Resource);
    const snapshots = "arn:aws:elasticache:eu-central-1:111122223333:snapshot:campus-test-carts-backup-*";
    expect(on("campus-carts", "elasticache:CreateSnapshot")).toEqual(["arn:aws:elasticache:eu-central-1:111122223333:replicationgroup:campus-carts", snapshots]);
    expect(on("campus-queue", "elasticache:CreateSnapshot")[0]).toBe("arn:aws:elasticache:eu-central-1:111122223333:cluster:campus-queue");
    for (const action of ["elasticache:CopySnapshot", "elasticache:DeleteSnapshot"]) expect(on("campus-carts", action)).toEqual([snapshots]);
    for (const action of ["s3:ListAllMyBuckets", "elasticache:DescribeSnapshots"]) expect(on("campus-carts", action)).toEqual(["*"]);
    expect(on("campus-carts", "s3:DeleteObject")).toEqual([`${stack.arnOf("aws:s3/bucket:Bucket", "campus-exports")}/campus-test-carts-backup-*`]);
  });

  it("shares one bucket for exports with the others: private, encrypted, unversioned, empty after a day, open to ElastiCache alone", async () => {
    const { byName, byType } = await declared();
    const inputs = (type: Parameters<typeof byType>[0]) => byName("campus-exports", type).inputs;
    expect(inputs(BucketPublicAccessBlock)).toMatchObject({ blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true });
    expect(inputs(BucketServerSideEncryptionConfiguration)).toMatchObject({ rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] });
    expect(inputs(BucketLifecycleConfiguration)).toMatchObject({ rules: [{ status: "Enabled", filter: {}, expiration: { days: 1 }, noncurrentVersionExpiration: { noncurrentDays: 1 }, abortIncompleteMultipartUpload: { daysAfterInitiation: 1 } }] });
    const { Statement } = inputs(BucketPolicy).policy as unknown as { readonly Statement: readonly Readonly<Record<string, unknown>>[] };
    expect(Statement.filter(({ Effect }) => Effect === "Allow").map(({ Principal, Action }) => ({ Principal, Action }))).toEqual([{
      Principal: { Service: "eu-central-1.elasticache-snapshot.amazonaws.com" },
      Action: ["s3:PutObject", "s3:GetObject", "s3:ListBucket", "s3:GetBucketAcl", "s3:ListMultipartUploadParts", "s3:ListBucketMultipartUploads"],
    }]);
    expect(byType(Bucket).filter(({ name }) => name === "campus-exports")).toHaveLength(1);
    expect(inputs(Bucket)).toMatchObject({ forceDestroy: false });
    expect(byType(StateMachine).map(({ name }) => name)).toEqual(expect.arrayContaining(["campus-carts", "campus-queue"]));
  });
});
