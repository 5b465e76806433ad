import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CreateFunctionCommand, waitUntilFunctionActiveV2 } from "@aws-sdk/client-lambda";
import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import { CreateStateMachineCommand, DescribeExecutionCommand, type DescribeExecutionCommandOutput, ListExecutionsCommand, ListMapRunsCommand, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { zipSync } from "fflate";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { handlersBuilt } from "../support/built.ts";
import { type Clients, clientsOf } from "../support/cloud/provider/clients.ts";
import { within } from "../support/cloud/within.ts";
import { copiesMachine } from "../support/copies-machine.ts";
import { repository } from "../support/engine/project.ts";
import { copiedManifest, linesIn } from "../support/handlers/copying.ts";
import { startFullObjectS3 } from "../support/handlers/full-object-s3.ts";
import { makeStore, type TestStore } from "../support/handlers/test-store.ts";
import { describeWithParts } from "../support/parts.ts";
import type { S3Server } from "../support/servers/s3.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const [FIRST, SECOND, THIRD] = ["2026-11-21T02:00:00Z", "2026-11-22T02:00:00Z", "2026-11-23T02:00:00Z"] as const;
const EXECUTION_LIMIT_SECONDS = 150;

/** The emulator executes a distributed map, and the bundle as a process of its own for each call. */
describeWithParts("the declared state machine of a backup by copies, executed", ["s3"], () => {
  let server: S3Server;
  let clients: Clients;
  let store: TestStore;
  let uploads: TestStore;
  let machineArn = "";

  beforeAll(async () => {
    await handlersBuilt();
    server = await startFullObjectS3();
    clients = clientsOf(server);
    [store, uploads] = await Promise.all([makeStore(server), makeStore(server)]);
    const FunctionName = "campus-test-uploads-backup";
    const { FunctionArn = "" } = await clients.lambda.send(new CreateFunctionCommand({
      FunctionName, Role: "arn:aws:iam::000000000000:role/any", Handler: "index.handler", Runtime: "nodejs22.x", MemorySize: 1024, Timeout: 120,
      Code: { ZipFile: zipSync({ "index.mjs": readFileSync(join(repository, "dist/handlers/copies/index.mjs")) }, { level: 1 }) },
      Environment: { Variables: {
        ...server.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true", UPKEEP_SYSTEM: "campus", UPKEEP_STACK: "prod", UPKEEP_SOURCE: "uploads",
        UPKEEP_STORE_BUCKET: store.name, UPKEEP_DATABASE: uploads.name, UPKEEP_SIZE_GIB: "400",
      } },
    }));
    await waitUntilFunctionActiveV2({ client: clients.lambda, maxWaitTime: 30, minDelay: 1 }, { FunctionName });
    const { definition } = await copiesMachine({ functionArn: FunctionArn, bucket: store.name });
    const { stateMachineArn = "" } = await clients.sfn.send(new CreateStateMachineCommand({
      // Ten minutes between two attempts are not for tests.
      name: "campus-test-uploads-backup", definition: definition.replaceAll('"IntervalSeconds":600', '"IntervalSeconds":1'), roleArn: "arn:aws:iam::000000000000:role/any",
    }));
    machineArn = stateMachineArn;
  });
  afterAll(() => server.stop());

  async function execute(scheduledTime: string): Promise<DescribeExecutionCommandOutput> {
    const { executionArn } = await clients.sfn.send(new StartExecutionCommand({ stateMachineArn: machineArn, name: randomUUID(), input: JSON.stringify({ scheduledTime }) }));
    return within(EXECUTION_LIMIT_SECONDS, "the execution to end", async () => {
      const run = await clients.sfn.send(new DescribeExecutionCommand({ executionArn }));
      return run.status === "RUNNING" ? undefined : run;
    });
  }
  const outcomeOf = ({ status, output, cause }: DescribeExecutionCommandOutput): unknown => (status === "SUCCEEDED" ? JSON.parse(output ?? "") : { status, cause });

  it("lists a bucket, copies it in a child execution for each batch, and stores the manifest", async () => {
    const keys = Array.from({ length: 520 }, (_, index) => `small/${index}`);
    for (let first = 0; first < keys.length; first += 52) await Promise.all(keys.slice(first, first + 52).map((key) => uploads.put(key, key)));
    const run = await execute(FIRST);
    expect(outcomeOf(run)).toMatchObject({ outcome: "stored" });
    expect((await copiedManifest(store, FIRST)).inventory).toMatchObject({ objects: 520, copiedObjects: 520 });
    const { mapRuns = [] } = await clients.sfn.send(new ListMapRunsCommand({ executionArn: run.executionArn }));
    const { executions = [] } = await clients.sfn.send(new ListExecutionsCommand({ mapRunArn: mapRuns[0]?.mapRunArn }));
    expect(executions.map(({ status }) => status)).toEqual(["SUCCEEDED", "SUCCEEDED"]);
  });

  it("goes past the map when nothing is new, and says of a second delivery that its backup is there", async () => {
    expect(outcomeOf(await execute(SECOND))).toMatchObject({ outcome: "stored" });
    expect((await copiedManifest(store, SECOND)).inventory).toMatchObject({ objects: 520, copiedObjects: 0 });
    expect(outcomeOf(await execute(SECOND))).toMatchObject({ outcome: "already-stored" });
  });

  it("copies what is new, and a copy that was lost", async () => {
    await uploads.put("small/new", "new");
    const { copy } = (await linesIn(store, SECOND))[0] ?? {};
    await store.s3.send(new DeleteObjectCommand({ Bucket: store.name, Key: copy ?? "" }));
    expect(outcomeOf(await execute(THIRD))).toMatchObject({ outcome: "stored" });
    expect((await copiedManifest(store, THIRD)).inventory).toMatchObject({ objects: 521, copiedObjects: 2 });
  });
});
