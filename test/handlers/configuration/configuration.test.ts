import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import type { ConfigurationItem } from "../../../handlers/engines/configuration/item.ts";
import { decodeOf } from "../../../handlers/engines/open.ts";
import { runVerification } from "../../../handlers/verify/run.ts";
import type { BackupManifest } from "../../../practice/contract/manifest.ts";
import { recordFault } from "../../support/fault-matrix.ts";
import { configureAccount, hidden, stateOfStack } from "../../support/handlers/configured-account.ts";
import { startFullObjectS3 } from "../../support/handlers/full-object-s3.ts";
import { makeStore, type TestStore } from "../../support/handlers/test-store.ts";
import { describeWithParts } from "../../support/parts.ts";
import type { S3Server } from "../../support/servers/s3.ts";

const scheduledTime = "2026-11-23T01:30:00Z";
const stateObject = ".pulumi/stacks/campus/prod.json";

describeWithParts("the configuration of a stack on the emulator", ["s3"], () => {
  let server: S3Server;
  beforeAll(async () => {
    server = await startFullObjectS3();
    await configureAccount(server);
  });
  afterAll(() => server.stop());
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  /** The handler as Lambda calls it, with the environment that its component sets; gives what it logged. */
  async function archive(store: TestStore, env: Readonly<Record<string, string>> = {}): Promise<string> {
    const variables = {
      ...server.env, UPKEEP_SYSTEM: "campus", UPKEEP_STACK: "prod", UPKEEP_STORE_BUCKET: store.name, UPKEEP_SOURCE: "configuration", UPKEEP_SIZE_GIB: "0.1",
      UPKEEP_PARAMETERS: '["/campus/prod/"]', UPKEEP_SECRETS: '["campus/prod/postgresql"]', ...env,
    };
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    const log = vi.spyOn(console, "log").mockReturnValue();
    const { handler } = await import("../../../handlers/configuration/index.ts");
    await handler({ scheduledTime }, { awsRequestId: "request-1", getRemainingTimeInMillis: () => 300_000 });
    return log.mock.calls.flat().join("\n");
  }

  const stored = async (store: TestStore): Promise<{ readonly manifest: BackupManifest; readonly items: readonly ConfigurationItem[]; readonly text: string }> => {
    const manifest = JSON.parse(await store.text("campus/configuration/2026/11/20261123T013000Z/manifest.json")) as BackupManifest;
    const chunks: Uint8Array[] = [];
    for await (const chunk of store.read(manifest.object.key, "", new AbortController().signal)) chunks.push(chunk);
    const text = gunzipSync(Buffer.concat(chunks)).toString();
    return { manifest, text, items: text.trim().split("\n").map((line) => JSON.parse(line) as ConfigurationItem) };
  };

  const nothingStored = async (store: TestStore): Promise<void> => {
    expect(await store.keys()).toEqual([]);
    expect(await store.unfinished()).toEqual([]);
  };

  it("is archived whole, with what belongs to others left out, and read whole again", async () => {
    const store = await makeStore(server);
    const bucket = await makeStore(server);
    await bucket.put(stateObject, JSON.stringify(stateOfStack));
    const logged = await archive(store, { UPKEEP_STATE_BUCKET: bucket.name, UPKEEP_STATE_OBJECT: stateObject });
    const { manifest, items, text } = await stored(store);

    expect(items.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      "parameter /campus/prod/deep/token", "parameter /campus/prod/hosts", "parameter /campus/prod/region",
      "secret campus/prod/postgresql",
      "alarm campus-prod-accounts-age-measured", "composite-alarm campus-prod-accounts-age",
      "schedule campus-prod-accounts-backup", "state-machine campus-prod-accounts-backup", "function campus-prod-accounts-backup",
      `stack-state ${stateObject}`,
    ]);
    const of = (name: string): unknown => items.find((item) => item.name === name)?.definition;
    expect(of("/campus/prod/deep/token")).toMatchObject({ Type: "SecureString", Version: 1 });
    expect(of("/campus/prod/deep/token")).not.toHaveProperty("Value");
    expect(of("/campus/prod/region")).toMatchObject({ Type: "String", Value: "eu-central-1" });
    expect(of("campus-prod-accounts-age-measured")).toMatchObject({ Threshold: 97_200, ComparisonOperator: "GreaterThanThreshold" });
    expect(of("campus-prod-accounts-age-measured")).not.toHaveProperty("StateValue");
    expect(of(stateObject)).toEqual(stateOfStack);

    // The emulator gives a SecureString's ciphertext as base64 of the value; AWS gives what its key made of it.
    for (const value of Object.values(hidden)) for (const form of [value, Buffer.from(value).toString("base64")]) expect(text + logged + JSON.stringify(manifest)).not.toContain(form);

    expect(manifest).toMatchObject({
      engine: "configuration", database: "campus-prod", serverVersion: "AWS eu-central-1", hashedBy: "configuration-lines-1",
      counts: { parameter: 3, secret: 1, alarm: 1, "composite-alarm": 1, schedule: 1, "state-machine": 1, function: 1, "stack-state": 1 },
      restoreCommand: expect.stringMatching(/^aws s3 cp 's3:.*jsonl\.gz' - \| gunzip > configuration\.jsonl$/) as string,
    });
    expect(manifest.consistency).toContain("No value of a secret is in it: of 1 SecureString parameters");
    expect(manifest.consistency).toContain("as Pulumi encrypted them");

    const check = runVerification({ system: "campus", stack: "prod", source: "configuration", keepDays: 30, level: "decode", scheduledAt: new Date("2026-11-23T05:00:00Z") }, {
      store, decode: decodeOf({ engine: "configuration", tools: "" }), now: () => new Date("2026-11-23T05:00:00Z"), signal: new AbortController().signal,
    });
    await expect(check).resolves.toMatchObject({ record: { outcome: "verified", findings: [] } });
  });

  it("reads a state that Pulumi compressed", async () => {
    const [store, bucket] = await Promise.all([makeStore(server), makeStore(server)]);
    await bucket.put(`${stateObject}.gz`, gzipSync(JSON.stringify(stateOfStack)));
    await archive(store, { UPKEEP_STATE_BUCKET: bucket.name, UPKEEP_STATE_OBJECT: stateObject });
    expect((await stored(store)).items.at(-1)).toEqual({ kind: "stack-state", name: stateObject, definition: stateOfStack });
  });

  it("says in its manifest that the state is not in it", async () => {
    const store = await makeStore(server);
    await archive(store, { UPKEEP_STATE_BUCKET: "", UPKEEP_STATE_OBJECT: "" });
    expect((await stored(store)).manifest.consistency).toContain("The stack's state is not in it.");
  });

  it.each([
    ["no parameter below a path", { UPKEEP_PARAMETERS: '["/campus/prod/","/campus/typo/"]' }, "Expected parameters below /campus/typo/, there are none. Mend upkeep:configuration.parameters, or remove the path."],
    ["a secret that is not there", { UPKEEP_SECRETS: '["campus/prod/gone"]' }, "can't find"],
    ["no state in its bucket", { UPKEEP_STATE_OBJECT: ".pulumi/stacks/other/prod.json" }, "Expected the state of the stack in s3://"],
    ["a state that is no JSON", { UPKEEP_STATE_OBJECT: "broken.json" }, "to be JSON, it is not (12 characters)"],
    ["nothing of the stack", { UPKEEP_STACK: "staging" }, "Expected functions whose names begin with campus-staging-, there are none"],
  ])("is not archived with %s, and nothing is stored", async (fault, env, message) => {
    const [store, bucket] = await Promise.all([makeStore(server), makeStore(server)]);
    await bucket.put(stateObject, JSON.stringify(stateOfStack));
    await bucket.put("broken.json", `{"secret":"${"x"}`);
    await expect(archive(store, { UPKEEP_STATE_BUCKET: bucket.name, UPKEEP_STATE_OBJECT: stateObject, ...env })).rejects.toThrow(message);
    await nothingStored(store);
    recordFault({ engine: "configuration", fault, happened: message.slice(0, 40), exit: "error", evidence: "no manifest", alarm: "failed, age", left: "nothing" });
  });
});
