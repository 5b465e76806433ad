import { createHash } from "node:crypto";
import { S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from "vitest";
import { type BackupJob, runBackup } from "../../../handlers/backup/run.ts";
import { parseManifest } from "../../../handlers/store/manifest.ts";
import { s3Store } from "../../../handlers/store/s3/s3-store.ts";
import type { Store } from "../../../handlers/store/store.ts";
import type { BackupOutcome } from "../../../practice/contract/events.ts";
import type { BackupManifest } from "../../../practice/contract/manifest.ts";
import { manifestKey, runPrefix } from "../../../practice/contract/store.ts";
import { type FaultRow, recordFault } from "../../support/fault-matrix.ts";
import { dumpedEngines, type DumpedSource, partsOf, startSource } from "../../support/handlers/dumped-sources.ts";
import { type Fate, type SeenRequest, startFaultyProxy } from "../../support/handlers/faulty-proxy.ts";
import { startFullObjectS3 } from "../../support/handlers/full-object-s3.ts";
import { childProcesses } from "../../support/handlers/processes.ts";
import { makeStore, settingsOf, type TestStore } from "../../support/handlers/test-store.ts";
import { describeWithParts } from "../../support/parts.ts";
import type { S3Server } from "../../support/servers/s3.ts";

/** Ways in which S3 takes no backup. */
interface StoreFault {
  readonly fault: string;
  readonly fateOf: (seen: SeenRequest, before: number) => Fate;
  readonly says: RegExp;
  readonly happened: string;
  /** Nothing, or a dump that no manifest names. */
  readonly left: "nothing" | "the dump alone";
}

const isDump = ({ method, path }: SeenRequest): boolean => method === "PUT" && !path.includes("manifest.json");
const isManifest = ({ method, path }: SeenRequest): boolean => method === "PUT" && path.includes("manifest.json");
const isLook = ({ method, path }: SeenRequest): boolean => method === "HEAD" && !path.includes("manifest.json");

const faults: readonly StoreFault[] = [
  { fault: "S3 refuses the dump", fateOf: (seen) => (isDump(seen) ? { status: 403, code: "AccessDenied" } : "pass"), says: /^Expected S3 to store .*, it did not: injected/, happened: "says S3's words", left: "nothing" },
  { fault: "S3 resets every connection", fateOf: (seen) => (isDump(seen) ? "reset" : "pass"), says: /^Expected S3 to store .*(ECONNRESET|EPIPE|hang up)/, happened: "gives up after some tries", left: "nothing" },
  { fault: "S3 stalls: takes all, answers nothing", fateOf: (seen) => (isDump(seen) ? "stall" : "pass"), says: /^Expected S3 to store .*(timed out|timeout|inactivity)/i, happened: "gives up when nothing comes", left: "nothing" },
  { fault: "one bit flipped on the way to S3", fateOf: (seen) => (isDump(seen) ? "flip" : "pass"), says: /^Expected S3 to store .*(checksum|CRC32|digest)/i, happened: "S3 refuses the checksum", left: "nothing" },
  { fault: "S3 returns a wrong checksum", fateOf: (seen) => (isLook(seen) ? { crc32: "AAAAAA==" } : "pass"), says: /that were sent, the store has \d+ bytes with CRC32 AAAAAA==.*Nothing was recorded as a backup/, happened: "compares it with what was sent", left: "the dump alone" },
  { fault: "S3 refuses the manifest", fateOf: (seen) => (isManifest(seen) ? { status: 403, code: "AccessDenied" } : "pass"), says: /injected/, happened: "says S3's words", left: "the dump alone" },
];

/** Of the store's client: whatever fails, nothing says it. */
const STORE_SECRET = "the-secret-of-the-store";
const EARLIER = new Date("2026-11-22T02:00:00Z");
const DAY_MILLISECONDS = 86_400_000;

for (const engine of dumpedEngines) describeWithParts(`a backup of ${engine} and a store with faults`, partsOf[engine], () => {
  let s3: S3Server;
  let source: DumpedSource;
  let store: TestStore;
  /** Each test has a night of its own, after all that earlier ones left. */
  let night = EARLIER;
  let before: readonly string[];
  beforeAll(async () => {
    s3 = await startFullObjectS3();
    source = await startSource[engine](s3);
    store = await makeStore(s3);
    await backUp({ through: store, scheduledAt: EARLIER });
    await expect(store.keys()).resolves.toHaveLength(2);
  });
  afterAll(async () => {
    await source.stop();
    await s3.stop();
  });
  beforeEach(async () => {
    night = new Date(night.getTime() + DAY_MILLISECONDS);
    before = await store.keys();
  });

  interface Asked extends Partial<Pick<BackupJob, "scheduledAt" | "sizeGiB">> {
    readonly through: Store;
    readonly attempt?: string;
    readonly now?: () => Date;
  }
  const backUp = ({ through, attempt = "one", now = () => new Date(), scheduledAt = night, sizeGiB = 1 }: Asked): Promise<BackupOutcome> => runBackup(
    { system: "campus", stack: "prod", ...source.job, sizeGiB, scheduledAt },
    { store: through, attempt, now, signal: new AbortController().signal, openDump: source.openDump },
  );
  const through = async (fateOf: StoreFault["fateOf"]): Promise<Store> => {
    let seenBefore = 0;
    const proxy = await startFaultyProxy(s3.endpoint, (seen) => fateOf(seen, isDump(seen) ? seenBefore++ : seenBefore));
    onTestFinished(() => proxy.stop());
    return s3Store({ name: store.name, s3: new S3Client({
      ...settingsOf(s3, proxy.endpoint), credentials: { accessKeyId: "test", secretAccessKey: STORE_SECRET }, maxAttempts: 3, requestHandler: { socketTimeout: 400 },
    }) });
  };
  const prefix = (): string => runPrefix("campus", source.job.source, night);
  const tonight = async (): Promise<BackupManifest> => {
    const key = manifestKey(prefix());
    return parseManifest(await store.text(key), { system: "campus", stack: "prod", source: source.job.source, key });
  };
  const expectWhole = async ({ object }: BackupManifest): Promise<void> => {
    const hash = createHash("sha256");
    let bytes = 0;
    for await (const chunk of store.read(object.key, object.versionId, new AbortController().signal)) {
      hash.update(chunk);
      bytes += chunk.length;
    }
    expect({ bytes, sha256: hash.digest("hex") }).toEqual({ bytes: object.bytes, sha256: object.sha256 });
  };
  const expectNothingElse = async (left: readonly string[] = []): Promise<void> => {
    await expect(store.keys()).resolves.toEqual([...before, ...left].toSorted());
    await expect(store.unfinished()).resolves.toEqual([]);
    for (const program of ["pg_dump", "psql", "mongodump", "redis-cli"]) expect(childProcesses(program)).toEqual([]);
  };
  const row = (fault: string, happened: string, changed: Partial<FaultRow>): void =>
    recordFault({ engine, fault, happened, exit: "stored", evidence: "manifest", alarm: "none", left: "both backups", ...changed });

  it.each(faults)("$fault: no backup, and the earlier one stands", async ({ fault, fateOf, says, happened, left }) => {
    const said = await backUp({ through: await through(fateOf) }).then(({ outcome }) => outcome, (error: unknown) => String(error instanceof Error ? error.message : error));
    expect(said).toMatch(says);
    for (const secret of [...source.secrets, STORE_SECRET]) expect(said).not.toContain(secret);
    const dump = (await store.keys()).filter((key) => key.startsWith(`${prefix()}one.`));
    expect(dump).toHaveLength(left === "nothing" ? 0 : 1);
    await expectNothingElse(dump);
    // Another delivery of the same run is a backup again.
    await expect(backUp({ through: store, attempt: "two" })).resolves.toMatchObject({ outcome: "stored" });
    await expectWhole(await tonight());
    row(fault, happened, { exit: "error", evidence: "no manifest", alarm: "failed, late", left: left === "nothing" ? "the earlier backup" : "also a lone dump" });
  });

  it("S3 is busy at first: the backup is stored", async () => {
    const busy = await through((seen, earlier) => (isDump(seen) && earlier === 0 ? { status: 503, code: "SlowDown" } : "pass"));
    await expect(backUp({ through: busy })).resolves.toMatchObject({ outcome: "stored" });
    await expectWhole(await tonight());
    row("S3 is busy at first", "asked again", {});
  });

  it("two deliveries at once: one of the two dumps is the backup, whole", async () => {
    const outcomes = await Promise.all(["one", "two"].map((attempt) => backUp({ through: store, attempt })));
    expect(outcomes.map(({ outcome }) => outcome).toSorted()).toEqual(["already-stored", "stored"]);
    const manifest = await tonight();
    expect(manifest.attempt).toBe(["one", "two"][outcomes.findIndex(({ outcome }) => outcome === "stored")]);
    await expectWhole(manifest);
    row("two deliveries at once", "one is stored, the other knows", { left: "both backups, a lone dump" });
  });

  it("a source far larger than was planned: stored whole", async () => {
    await expect(backUp({ through: store, sizeGiB: 0.000001 })).resolves.toMatchObject({ outcome: "stored" });
    await expectWhole(await tonight());
    row("source larger than planned", "parts are large enough", {});
  });

  it.each([["a day ahead", DAY_MILLISECONDS], ["a day behind", -DAY_MILLISECONDS]])("a clock %s: the backup is of the time of its schedule", async (how, offMilliseconds) => {
    await expect(backUp({ through: store, now: () => new Date(night.getTime() + offMilliseconds) })).resolves.toMatchObject({ outcome: "stored" });
    expect((await tonight()).scheduledAt).toBe(night.toISOString());
    row(`clock ${how}`, "its time is the schedule's", {});
  });

  it("a clock that is set back a day while it runs: the manifest can still be read", async () => {
    let asked = 0;
    await expect(backUp({ through: store, now: () => new Date(night.getTime() - DAY_MILLISECONDS * asked++) })).resolves.toMatchObject({ outcome: "stored" });
    expect((await tonight()).durationMilliseconds).toBe(0);
    row("clock set back a day in mid-dump", "duration 0, never below", {});
  });
});
