import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CloudWatchLogsClient, CreateLogGroupCommand, CreateLogStreamCommand, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { MongoClient } from "mongodb";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import type { BackupManifest } from "../../../practice/contract/manifest.ts";
import { handlersBuilt } from "../../support/built.ts";
import { HostMachine } from "../../support/handlers/host-machine.ts";
import { startFullObjectS3 } from "../../support/handlers/full-object-s3.ts";
import { makeStore, settingsOf, type TestStore } from "../../support/handlers/test-store.ts";
import { describeWithParts, programPath } from "../../support/parts.ts";
import { type MongoServer, startMongo } from "../../support/servers/mongodb.ts";
import { type PostgresServer, startPostgres } from "../../support/servers/postgresql.ts";
import type { S3Server } from "../../support/servers/s3.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const bundle = join(root, "dist", "handlers", "backup", "index.mjs");
const group = "/upkeep/campus-prod-hosts";

describeWithParts("the script of a host, run by bash", ["postgresql", "mongodb", "mongo-tools", "s3"], () => {
  let server: S3Server;
  let postgres: PostgresServer;
  let mongo: MongoServer;
  let store: TestStore;
  let machine: HostMachine;
  let uploads: string;

  beforeAll(async () => {
    await handlersBuilt();
    [server, postgres, mongo] = await Promise.all([startFullObjectS3(), startPostgres(), startMongo()]);
    await postgres.sql("create table bookings as select generate_series(1, 1000) as id");
    const client = await MongoClient.connect(mongo.uri);
    await client.db("trixtech").collection("bookings").insertMany(Array.from({ length: 100 }, (_, index) => ({ index })));
    await client.close();
    const secrets = new SecretsManagerClient(settingsOf(server));
    // Without a host: the machine is reached on localhost.
    for (const [name, { user, password }, off] of [["postgresql", postgres, { sslmode: "disable" }], ["mongodb", mongo, { tls: false }]] as const) {
      await secrets.send(new CreateSecretCommand({ Name: `campus/${name}`, SecretString: JSON.stringify({ username: user, password, ...off }) }));
    }
    await logs().send(new CreateLogGroupCommand({ logGroupName: group }));
    await logs().send(new CreateLogStreamCommand({ logGroupName: group, logStreamName: "uploads" }));
  }, 120_000);
  afterAll(() => Promise.all([server.stop(), postgres.stop(), mongo.stop()]));
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

  const logs = (): CloudWatchLogsClient => new CloudWatchLogsClient(settingsOf(server));
  const logged = async (): Promise<readonly string[]> =>
    ((await logs().send(new GetLogEventsCommand({ logGroupName: group, logStreamName: "uploads", startFromHead: true }))).events ?? []).map(({ message = "" }) => message);
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
  const resultOf = (stdout: string): unknown => (JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as { readonly result?: unknown }).result;
  const nothingIsLeft = (): void => {
    const left = readdirSync(join(machine.kept, "tmp-uploads"));
    expect(left).toEqual([]);
  };

  it("backs up a folder under the name of the run that is due, however late, and does nothing until the next is", async () => {
    const first = await run().ended;
    expect(first).toMatchObject({ code: 0, stderr: "" });
    const [manifest] = await manifests();
    expect(manifest).toMatchObject({ source: "uploads", engine: "files", database: uploads, counts: { objects: 1 } });
    expect(new Date(manifest?.scheduledAt ?? 0).toLocaleTimeString("en-GB", { timeZone: "Europe/Berlin" })).toBe("02:00:00");
    expect(resultOf(first.stdout)).toMatchObject({ outcome: "stored", scheduledAt: manifest?.scheduledAt });
    expect((await logged()).at(-1)).toContain(`"manifestKey":"campus/uploads/`);
    nothingIsLeft();

    writeFileSync(join(uploads, "b.txt"), "more");
    const [keys, lines] = [await store.keys(), await logged()];
    const second = await run().ended;
    expect(resultOf(second.stdout)).toMatchObject({ outcome: "already-stored" });
    expect([await store.keys(), await logged()]).toEqual([keys, lines]);
    // What was deployed is fetched once, not every half hour.
    expect(machine.read("fetched").trim().split("\n")).toEqual([".code/hosts/index.mjs"]);
  }, 60_000);

  it("backs up a PostgreSQL on localhost with the programs that were deployed", async () => {
    const machineOfDatabase = new HostMachine(bundle, ["pg_dump", "psql"].map((name) => programPath("postgresql", name)));
    const { code, stderr } = await run({
      UPKEEP_ENGINE: "postgresql", UPKEEP_DATABASE: "postgres", UPKEEP_SECRET: "campus/postgresql", UPKEEP_PORT: String(postgres.port),
    }, machineOfDatabase).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(await manifests()).toMatchObject([{ engine: "postgresql", counts: { "public.bookings": 1000 }, server: { address: `localhost:${postgres.port}` } }]);
    expect(readdirSync(join(machineOfDatabase.kept, "tmp-uploads"))).toEqual([]);
    machineOfDatabase.dispose();
  }, 60_000);

  it("backs up a MongoDB on localhost with the programs that were deployed", async () => {
    const machineOfDatabase = new HostMachine(bundle, [programPath("mongo-tools", "mongodump")]);
    const { code, stderr } = await run({
      UPKEEP_ENGINE: "mongodb", UPKEEP_DATABASE: "trixtech", UPKEEP_SECRET: "campus/mongodb", UPKEEP_PORT: String(mongo.port),
    }, machineOfDatabase).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(await manifests()).toMatchObject([{ engine: "mongodb", counts: { "trixtech.bookings": 100 } }]);
    machineOfDatabase.dispose();
  }, 60_000);

  it("fails with the folder's error in the log when it is gone, and makes the same run when it is back", async () => {
    rmSync(uploads, { recursive: true });
    const { code } = await run().ended;
    expect(code).toBe(1);
    expect((await logged()).at(-1)).toContain(`Expected the folder ${uploads}, there is none: is its disk mounted?`);
    expect(await store.keys()).toEqual([]);
    mkdirSync(uploads);
    expect((await run().ended).code).toBe(0);
    expect(await manifests()).toHaveLength(1);
  }, 60_000);

  it("is taken by bash as it is, whatever stands in a path, and by SSM, which would replace what stands in two braces", () => {
    const script = machine.script(environment({ UPKEEP_DATABASE: "/srv/o'clock $(touch /tmp/no) `id`" }));
    expect(script).not.toContain("{{");
    execFileSync("bash", ["-n", "-c", script]);
    expect(execFileSync("bash", ["-c", `${script.split("\n").filter((line) => line.startsWith("export UPKEEP_DATABASE=")).join("\n")}; printf %s "$UPKEEP_DATABASE"`], { encoding: "utf8" })).toBe("/srv/o'clock $(touch /tmp/no) `id`");
  });
});
