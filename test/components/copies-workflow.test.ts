import { Function as LambdaFunction } from "@pulumi/aws/lambda/function.js";
import { describe, expect, it } from "vitest";
import { Maintenance } from "../../components/maintenance.ts";
import { resourceless } from "../../policies/internal/wildcards.ts";
import { copiesMachine, copiesPlan } from "../support/copies-machine.ts";
import { previewed } from "../support/preview.ts";

interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly Choices?: readonly { readonly Next: string }[];
  readonly TimeoutSeconds?: number;
  readonly Retry?: readonly object[];
}

interface MapState extends State {
  readonly MaxConcurrency: number;
  readonly ToleratedFailurePercentage: number;
  readonly ItemReader: object;
  readonly ItemProcessor: { readonly ProcessorConfig: object; readonly States: Readonly<Record<string, State>> };
}

const machine = async () => {
  const { definition, statements } = await copiesMachine({ functionArn: "arn:aws:lambda:eu-central-1:123456789012:function:campus-test-uploads-backup", bucket: "campus-test-backups" });
  const { StartAt, States } = JSON.parse(definition) as { StartAt: string; States: Readonly<Record<string, State>> & { Copy: MapState } };
  return { StartAt, States, statements };
};

describe("the state machine of a backup by copies", () => {
  it("lists, copies what is new if anything is, and finishes", async () => {
    const { StartAt, States } = await machine();
    expect(StartAt).toBe("List");
    expect(Object.fromEntries(Object.entries(States).map(([name, { Next, Choices = [] }]) => [name, [...Choices.map((choice) => choice.Next), ...(Next === undefined ? [] : [Next])]])))
      .toEqual({ List: ["Choose"], Choose: ["Stored", "Finish", "Copy"], Stored: [], Copy: ["Finish"], Finish: [] });
  });

  it("copies by a distributed map over a list in the store: eight at one time, no failure tolerated, quarter hours allowed", async () => {
    const { Copy } = (await machine()).States;
    expect(Copy).toMatchObject({
      MaxConcurrency: 8, ToleratedFailurePercentage: 0, ResultPath: null,
      ItemReader: { Resource: "arn:aws:states:::s3:getObject", ReaderConfig: { InputType: "JSON" }, Parameters: { Bucket: "campus-test-backups", "Key.$": "$.work.listed.index" } },
      ItemProcessor: { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" } },
    });
  });

  it("limits each state that waits for somebody, and gives it a second attempt", async () => {
    const { States } = await machine();
    const waiting = Object.entries({ ...States, ...States.Copy.ItemProcessor.States }).filter(([, { Type }]) => Type === "Task");
    expect(waiting.map(([name, { TimeoutSeconds }]) => [name, TimeoutSeconds])).toEqual([["List", 930], ["Finish", 930], ["Batch", 930]]);
    for (const [, { Retry }] of waiting) expect(Retry).toContainEqual(expect.objectContaining({ ErrorEquals: ["States.ALL"], MaxAttempts: 1 }));
  });

  it("may read its own work and start itself, and nothing else of the store", async () => {
    const { statements } = await machine();
    const about = (action: string) => statements.find(({ Action }) => Action.includes(action))?.Resource;
    expect(about("s3:GetObject")).toEqual(["arn:aws:s3:::campus-test-backups/.work/campus/uploads/*"]);
    expect(about("states:StartExecution")).toEqual(["arn:aws:states:eu-central-1:123456789012:stateMachine:campus-test-uploads-backup"]);
    const nameless = statements.filter(({ Resource }) => Resource.includes("*")).flatMap(({ Action }) => Action);
    expect(nameless.filter((action) => !(action in resourceless))).toEqual([]);
  });

  it("calls a function of its own bundle, in a stack that is declared whole", async () => {
    const { byName } = await previewed(() => new Maintenance("campus", { plan: copiesPlan }));
    const { inputs } = byName("campus-uploads", LambdaFunction);
    expect(inputs.environment).toMatchObject({ variables: { UPKEEP_DATABASE: "campus-test-uploads", UPKEEP_SOURCE: "uploads" } });
    expect(JSON.stringify(inputs.code)).toContain("copies/index.mjs");
    expect(byName("campus-retention", LambdaFunction).inputs.memorySize).toBe(3538);
  });
});
