import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { CloudWatchLogsClient, CreateLogGroupCommand, CreateLogStreamCommand } from "@aws-sdk/client-cloudwatch-logs";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import type { BackupManifest } from "../../../practice/contract/manifest.ts";
import { handlersBuilt } from "../../support/built.ts";
import { recordFault } from "../../support/fault-matrix.ts";
import { HostMachine } from "../../support/handlers/host-machine.ts";
import { startFullObjectS3 } from "../../support/handlers/full-object-s3.ts";
import { makeStore, settingsOf, type TestStore } from "../../support/handlers/test-store.ts";
import { describeWithParts } from "../../support/parts.ts";
import type { S3Server } from "../../support/servers/s3.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const bundle = join(root, "dist", "handlers", "backup", "index.mjs");
const group = "/upkeep/campus-prod-hosts";

/** More than is read ahead, and of no use to a compressor. */
const LARGE_BYTES = 60_000_000;

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1_000; tries += 1) {
    if (await isSo()) return;
    await wait(20);
  }
  throw new Error("Expected it to come to that within 20 s, it did not.");
}

describeWithParts("the script of a host under a fault", ["s3"], () => {
  let server: S3Server;
  let store: TestStore;
  let machine: HostMachine;
  let uploads: string;

  beforeAll(async () => {
    await handlersBuilt();
    server = await startFullObjectS3();
    const logs = new CloudWatchLogsClient(settingsOf(server));
    await logs.send(new CreateLogGroupCommand({ logGroupName: group }));
    await logs.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName: "uploads" }));
  }, 120_000);
  afterAll(() => server.stop());
  beforeEach(async () => {
    store = await makeStore(server);
    machine = new HostMachine(bundle);
    uploads = mkdtempSync(join(tmpdir(), "uploads-"));
    writeFileSync(join(uploads, "a.txt"), "text");
  });
  afterEach(() => {
    machine.dispose();
    rmSync(uploads, { recursive: true, force: true });
  });

  /** Fired last at 02:00 of today or yesterday, hours ago: whatever it is now, this run is late. */
  const environment = (changed: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => ({
    AWS_REGION: "eu-central-1", UPKEEP_SYSTEM: "campus", UPKEEP_STACK: "prod", UPKEEP_SOURCE: "uploads", UPKEEP_STORE_BUCKET: store.name,
    UPKEEP_ENGINE: "files", UPKEEP_DATABASE: uploads, UPKEEP_SIZE_GIB: "1", UPKEEP_SCHEDULE: "cron(0 2 * * ? *)", UPKEEP_TIME_ZONE: "Europe/Berlin",
    UPKEEP_LOG_GROUP: group, UPKEEP_LOG_STREAM: "uploads", ...changed,
  });
  const run = (changed: Readonly<Record<string, string>> = {}, on = machine, env: Readonly<Record<string, string>> = {}) =>
    on.run(on.script(environment(changed)), { ...server.env, ...env });
  const manifests = async (): Promise<readonly BackupManifest[]> => Promise.all(
    (await store.keys()).filter((key) => key.endsWith("manifest.json")).map(async (key) => JSON.parse(await store.text(key)) as BackupManifest));
  const nothingIsLeft = (): void => {
    const left = readdirSync(join(machine.kept, "tmp-uploads"));
    expect(left).toEqual([]);
  };

  it("leaves the work to a run that is still under way, and ends well", async () => {
    writeFileSync(join(uploads, "b.bin"), randomBytes(LARGE_BYTES));
    const first = run();
    await until(() => Promise.resolve(machine.read("fetched") !== ""));
    const second = await run().ended;
    expect(second).toMatchObject({ code: 0, stdout: "", stderr: "upkeep: An earlier run is still under way: the work is left to it.\n" });
    expect((await first.ended).code).toBe(0);
    expect(await manifests()).toHaveLength(1);
  }, 90_000);

  it.each(["while it fetches", "while it dumps"])("is killed %s, and the next run makes the backup", async (when) => {
    writeFileSync(join(uploads, "b.bin"), randomBytes(LARGE_BYTES));
    if (when === "while it fetches") machine.write("stall");
    const killed = run();
    await until(async () => (when === "while it fetches" ? machine.read("fetched") !== "" : (await store.unfinished()).length > 0));
    killed.kill("SIGKILL");
    expect((await killed.ended).signal).toBe("SIGKILL");
    expect(await manifests()).toEqual([]);
    machine.write("kept/tmp-uploads/left-behind");
    machine.remove("stall");
    expect((await run().ended).code).toBe(0);
    expect(await manifests()).toMatchObject([{ counts: { objects: 2 } }]);
    nothingIsLeft();
    recordFault({ engine: "files", fault: `host killed ${when}`, happened: "the next run makes it", exit: "killed", evidence: "no manifest", alarm: "failed, then age", left: "nothing that counts" });
  }, 90_000);

  it("stops when it is told to, and takes its upload back", async () => {
    writeFileSync(join(uploads, "b.bin"), randomBytes(LARGE_BYTES));
    const told = run();
    await until(async () => (await store.unfinished()).length > 0);
    told.kill("SIGTERM");
    const { code, stdout } = await told.ended;
    expect(code).toBe(1);
    expect(stdout).toContain("told to stop (SIGTERM)");
    expect([await store.unfinished(), await store.keys()]).toEqual([[], []]);
  }, 60_000);

  it("runs nothing that is not what was deployed", async () => {
    machine.tamper();
    const { code, stdout, stderr } = await run().ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("Expected .code/hosts/index.mjs to have the SHA-256 that was deployed, it has another: nothing of it was run.");
    expect(machine.read("log")).toContain("SHA-256 that was deployed");
    // Nor what somebody put in its place later.
    machine.dispose();
    machine = new HostMachine(bundle);
    await run().ended;
    const [file = ""] = readdirSync(join(machine.kept, "code"));
    machine.write(`kept/code/${file}`, "console.log('something else')");
    expect((await run().ended).stdout).not.toContain("something else");
    recordFault({ engine: "store", fault: "code of a host replaced", happened: "its SHA-256 is another; not run", exit: "error", evidence: "no manifest", alarm: "failed, then age", left: "the earlier ones" });
  }, 60_000);

  it("says what the machine lacks, in the log as well", async () => {
    const old = join(machine.folder, "old-node");
    writeFileSync(old, "#!/bin/bash\n[ \"$1\" = --version ] && echo v18.20.1 && exit 0\nexit 1\n", { mode: 0o755 });
    const lacks = async (script: string, env: Readonly<Record<string, string>> = {}): Promise<string> => {
      const { code, stderr } = await machine.run(script, env).ended;
      expect(code).toBe(1);
      return stderr;
    };
    expect(await lacks(machine.script(environment()), machine.without("aws"))).toBe("upkeep: Expected the AWS CLI on this host, there is none. Install its version 2 for all users.\n");
    expect(await lacks(machine.script(environment()), machine.without("flock"))).toContain("Expected flock on this host, there is none. Install util-linux.");
    expect(await lacks(machine.script(environment(), "/no/such/node"))).toContain("Expected Node.js on this host, there is none. Install 20.19 or later");
    expect(await lacks(machine.script(environment(), old))).toContain("Expected Node.js 20.19 or later on this host, got v18.20.1.");
    expect(machine.read("log").trim().split("\n").map((line) => (JSON.parse(line) as readonly { readonly message: string }[])[0]?.message)).toEqual([
      expect.stringContaining("flock"), expect.stringContaining("there is none"), expect.stringContaining("v18.20.1"),
    ]);
    machine.write("no-log");
    expect(await lacks(machine.script(environment(), old))).toContain("It could not be written to the log.");
    machine.remove("objects");
    expect(await lacks(machine.script(environment()))).toContain("Expected to fetch .code/hosts/index.mjs from the store, it cannot be");
  }, 60_000);
});
