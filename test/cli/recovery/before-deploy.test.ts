import { CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateStateMachineCommand, SFNClient } from "@aws-sdk/client-sfn";
import { fileURLToPath } from "node:url";
import { zipSync } from "fflate";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { nobody } from "../../../cli/live.ts";
import type { BackupOptions } from "../../../cli/options.ts";
import { backupBeforeDeploy } from "../../../cli/recovery/before-deploy.ts";
import { type Deployed, deployedBackup, type EndedExecution } from "../../../cli/recovery/deployed.ts";
import { backupEnvironment } from "../../../practice/contract/environment.ts";
import { run } from "../../../cli/run.ts";
import { putBackup } from "../../support/handlers/backups.ts";
import { makeStore, type TestStore } from "../../support/handlers/test-store.ts";
import { plainPage } from "../../support/page.ts";
import { describeWithParts } from "../../support/parts.ts";
import { type S3Server, startS3 } from "../../support/servers/s3.ts";

const NOW = new Date("2026-11-23T12:00:00Z");
const NAME = "campus-prod-accounts-backup";
const options: BackupOptions = { json: false, stack: "prod", source: "accounts", content: "full", wait: "1 second", cwd: "." };
const surroundings = { environment: {}, now: NOW, page: plainPage, live: nobody, debug: false };

describeWithParts("a backup before a deployment", ["s3"], () => {
  let server: S3Server;
  let store: TestStore;
  beforeAll(async () => {
    server = await startS3();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    store = await makeStore(server);
    for (const [name, value] of Object.entries(server.env)) vi.stubEnv(name, value);
  });
  afterEach(() => vi.unstubAllEnvs());

  /** A deployed backup that ends as it is told to, and was asked for by its own name. */
  const ending = (ended: EndedExecution | undefined) => async ({ region, name }: { readonly region: string; readonly name: string }): Promise<Deployed> => {
    expect({ region, name }).toEqual({ region: "eu-central-1", name: NAME });
    return {
      store,
      start: async (at) => {
        expect(at).toEqual(NOW);
        return { arn: "arn:execution", name: "execution" };
      },
      ended: async (arn) => {
        expect(arn).toBe("arn:execution");
        return ended;
      },
    };
  };
  const succeeded = ending({ status: "SUCCEEDED", why: "" });
  const at = (hour: number): string => `2026-11-${hour < 0 ? 22 : 23}T${String((hour + 24) % 24).padStart(2, "0")}:00:00Z`;

  it("goes well when the manifest of just this run is there and sound", async () => {
    await putBackup(store, { scheduledAt: NOW.toISOString() });
    const told = await backupBeforeDeploy(options, surroundings, succeeded);
    expect({ well: told.well, first: told.page[0] }).toEqual({ well: true, first: "Backup  accounts of campus: stored" });
  });

  it.each([
    ["the execution failed", ending({ status: "FAILED", why: "Expected a dump, it is empty." }), "it failed. Expected a dump, it is empty. Do not deploy."],
    ["the execution ran out of time", ending({ status: "TIMED_OUT", why: "" }), "it ran out of time."],
    ["somebody stopped it", ending({ status: "ABORTED", why: "" }), "it was stopped by somebody."],
    ["it does not end", ending(undefined), "Expected the backup to end within 1 s, it is still under way: arn:execution."],
  ])("fails when %s", async (_, open, message) => {
    await putBackup(store, { scheduledAt: NOW.toISOString() });
    await expect(backupBeforeDeploy(options, surroundings, open)).rejects.toThrow(message);
  });

  it("fails when there is no manifest, however well the execution ended, and whatever older ones there are", async () => {
    await putBackup(store, { scheduledAt: at(2) });
    await expect(backupBeforeDeploy(options, surroundings, succeeded)).rejects.toThrow(
      "Expected the manifest campus/accounts/2026/11/20261123T120000Z/manifest.json",
    );
  });

  it("fails when the dump is not what its manifest says", async () => {
    const { dump } = await putBackup(store, { scheduledAt: NOW.toISOString() });
    await store.put(dump, "all the r0ws");
    await expect(backupBeforeDeploy(options, surroundings, succeeded)).rejects.toThrow("to have the CRC32");
  });

  it("does not go well when the size is far from that of those before it", async () => {
    for (const hour of [2, 3, 4]) await putBackup(store, { scheduledAt: at(hour), rows: "x".repeat(1000) });
    await putBackup(store, { scheduledAt: NOW.toISOString(), rows: "x" });
    const told = await backupBeforeDeploy(options, surroundings, succeeded);
    expect({ well: told.well, first: told.page[0] }).toEqual({ well: false, first: "Backup  accounts of campus: stored, but too small" });
  });

  it("does not go well when the files of a bucket have shrunk, however long the list of them is", async () => {
    const listing = (bytes: number) => ({ manifest: { engine: "files", inventory: { objects: 3, bytes, sha256: "0".repeat(64), copiedObjects: 3, copiedBytes: bytes, vanishedObjects: 0 } } } as const);
    for (const hour of [2, 3, 4]) await putBackup(store, { scheduledAt: at(hour), ...listing(3_000_000) });
    await putBackup(store, { scheduledAt: NOW.toISOString(), ...listing(3) });
    const told = await backupBeforeDeploy(options, surroundings, succeeded);
    expect({ well: told.well, first: told.page[0] }).toEqual({ well: false, first: "Backup  accounts of campus: stored, but too small" });
  });

  it("ends at once when it is interrupted, and says that the backup goes on", async () => {
    const live = { ...nobody, interruption: () => AbortSignal.abort() };
    await expect(backupBeforeDeploy({ ...options, wait: "1 hour" }, { ...surroundings, live }, ending(undefined))).rejects.toThrow("Interrupted. The backup goes on in the account");
  });

  it.each([
    [{ source: "nothing" }, "Expected a source that stack prod backs up, got `nothing`. Write one of them: --source accounts, catalogue, uploads."],
    [{ wait: "soon" }, "Expected --wait to be a duration in words, from 1 second to 24 hours, got `soon`."],
  ])("is not begun for %j", async (changed, message) => {
    await expect(backupBeforeDeploy({ ...options, ...changed }, surroundings, () => Promise.reject(new Error("nothing is asked")))).rejects.toThrow(message);
  });

  it.each([
    ["uploads", "`uploads`, which web-1 backs up by itself when it is due. Run it on that machine, before the deployment: `upkeep backup --path '/app/uploads' --store s3://<bucket of the store> --system trixtech --stack prod --source uploads`, which ends with 0 only"],
    ["bookings", "`bookings`, which web-1 backs up by itself when it is due. Run it on that machine, before the deployment: `upkeep backup --url 'mongodb://<user>@localhost:27017/trixtech' --password-file <file> --store s3://<bucket of the store> --system trixtech --stack prod --source bookings`, which ends with 0 only"],
  ])("of a source that a host backs up itself, %s, ends with 2, asks nothing of the account, and says what does it instead", async (source, said) => {
    const cwd = fileURLToPath(new URL("../../../examples/trixtech", import.meta.url));
    const { exitCode, stdout, stderr } = await run(["backup", "--stack", "prod", "--source", source, "--cwd", cwd], { environment: {}, now: NOW, page: plainPage });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr.replaceAll(/\s+/g, " ")).toContain(`Expected a source that stack prod backs up from outside its host, got ${said}`);
  }, 60_000);

  describe("asks the account", () => {
    const role = "arn:aws:iam::000000000000:role/any";
    const settings = () => ({ endpoint: server.endpoint, region: server.region, credentials: server.credentials });
    const deploy = async (name: string, state: object): Promise<void> => {
      await new SFNClient(settings()).send(new CreateStateMachineCommand({ name, roleArn: role, definition: JSON.stringify({ StartAt: "Backup", States: { Backup: state } }) }));
      await new LambdaClient(settings()).send(new CreateFunctionCommand({
        FunctionName: name, Role: role, Runtime: "nodejs20.x", Handler: "index.handler", Code: { ZipFile: zipSync({ "index.mjs": Buffer.from("export const handler = () => {};") }) },
        Environment: { Variables: { [backupEnvironment.bucket]: store.name } },
      }));
    };
    const ended = async (deployed: Deployed, arn: string): Promise<EndedExecution> => {
      await expect.poll(() => deployed.ended(arn), { timeout: 10_000 }).toBeDefined();
      const end = await deployed.ended(arn);
      if (end === undefined) throw new Error("Expected the execution to have ended.");
      return end;
    };

    it("starts the state machine by its name, and finds the store that the function writes to", async () => {
      await deploy(NAME, { Type: "Pass", End: true });
      const deployed = await deployedBackup({ region: server.region, name: NAME, environment: server.env });
      expect(deployed.store.name).toBe(store.name);
      const { arn, name } = await deployed.start(NOW);
      expect(name).toBe(`${NAME}/by-hand-20261123T120000Z`);
      await expect(ended(deployed, arn)).resolves.toEqual({ status: "SUCCEEDED", why: "" });
    });

    it("says in the function's own words why it failed", async () => {
      const name = "campus-prod-catalogue-backup";
      await deploy(name, { Type: "Fail", Error: "Error", Cause: JSON.stringify({ errorMessage: "Expected a dump, it is empty." }) });
      const deployed = await deployedBackup({ region: server.region, name, environment: server.env });
      await expect(ended(deployed, (await deployed.start(NOW)).arn)).resolves.toEqual({ status: "FAILED", why: "Expected a dump, it is empty." });
    });
  });

  it("a bucket is a store of every command, with the credentials that the SDK finds", async () => {
    await putBackup(store, { scheduledAt: at(2) });
    const upkeep = (...args: readonly string[]) => run([...args, "--store", `s3://${store.name}`], { environment: server.env, now: NOW, page: plainPage });
    expect((await upkeep("backups")).stdout).toMatch(/^Backups {2}accounts of campus, stack prod: 1 run, 1 sound\n/);
    expect((await upkeep("verify")).stdout).toMatch(/^Check {2}accounts of campus: verified\n/);
    expect((await upkeep("evidence", "--json")).stdout).toContain("\"outcome\": \"verified\"");
  });
});
