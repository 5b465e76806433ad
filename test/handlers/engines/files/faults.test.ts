import { DeleteBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from "vitest";
import { runBackup } from "../../../../handlers/backup/run.ts";
import { openFilesDump } from "../../../../handlers/engines/files/dump.ts";
import type { Gauge } from "../../../../handlers/runtime/metrics.ts";
import type { Bucket } from "../../../../handlers/store/s3/objects.ts";
import type { BackupOutcome } from "../../../../practice/contract/events.ts";
import { type FaultRow, recordFault } from "../../../support/fault-matrix.ts";
import { jobAt } from "../../../support/handlers/dumps.ts";
import { type Fate, type SeenRequest, startFaultyProxy } from "../../../support/handlers/faulty-proxy.ts";
import { startFullObjectS3 } from "../../../support/handlers/full-object-s3.ts";
import { at, held, markedIn, retainIn, runOf } from "../../../support/handlers/retaining.ts";
import { makeStore, settingsOf, type TestStore } from "../../../support/handlers/test-store.ts";
import { describeWithParts } from "../../../support/parts.ts";
import type { S3Server } from "../../../support/servers/s3.ts";

const SECRET = "the-secret-of-the-uploads";
const never = new AbortController().signal;
const EARLIER = at(22);
const TONIGHT = at(23);

/** Ways in which the bucket of the files cannot be read whole. The second of three objects is the one with a fault. */
interface SourceFault {
  readonly fault: string;
  readonly fateOf: (seen: SeenRequest) => Fate;
  readonly says: RegExp;
  readonly happened: string;
}

const isObject = ({ method, path }: SeenRequest): boolean => method === "GET" && path.includes("/b?");
const isList = ({ method, path }: SeenRequest): boolean => method === "GET" && path.includes("list-type=2");

const faults: readonly SourceFault[] = [
  { fault: "missing privilege on one object", fateOf: (seen) => (isObject(seen) ? { status: 403, code: "AccessDenied" } : "pass"), says: /injected/, happened: "says S3's words" },
  { fault: "missing privilege on the list", fateOf: (seen) => (isList(seen) ? { status: 403, code: "AccessDenied" } : "pass"), says: /injected/, happened: "says S3's words" },
  { fault: "connection cut in the middle", fateOf: (seen) => (isObject(seen) ? "reset" : "pass"), says: /ECONNRESET|hang up/, happened: "connection reset" },
  { fault: "bucket silent in the middle", fateOf: (seen) => (isObject(seen) ? "stall" : "pass"), says: /timed out|timeout|inactivity/i, happened: "gives up when nothing comes" },
];

describeWithParts("a backup of files under a fault", ["s3"], () => {
  let s3: S3Server;
  let store: TestStore;
  let uploads: TestStore;
  let before: readonly string[];
  beforeAll(async () => {
    s3 = await startFullObjectS3();
  });
  afterAll(() => s3.stop());
  beforeEach(async () => {
    [store, uploads] = await Promise.all([makeStore(s3), makeStore(s3)]);
    for (const key of ["a", "b", "c"]) await uploads.put(key, `the file ${key}`);
    await backUp(uploads, EARLIER);
    before = await store.keys();
    expect(before).toHaveLength(2);
  });

  const backUp = (from: Bucket, scheduledAt = TONIGHT, signal = never, into = store): Promise<BackupOutcome> => runBackup(
    jobAt(scheduledAt, { engine: "files", database: from.name }),
    { store: into, attempt: "one", now: () => new Date(scheduledAt), signal, openDump: (stop) => Promise.resolve(openFilesDump(from, stop)) },
  );
  const readThrough = async (fateOf: (seen: SeenRequest) => Fate): Promise<Bucket> => {
    const proxy = await startFaultyProxy(s3.endpoint, fateOf);
    onTestFinished(() => proxy.stop());
    return { name: uploads.name, s3: new S3Client({
      ...settingsOf(s3, proxy.endpoint), credentials: { accessKeyId: "test", secretAccessKey: SECRET }, maxAttempts: 2, requestHandler: { socketTimeout: 400 },
    }) };
  };
  const expectOnlyTheEarlier = async (run: Promise<unknown>, says: RegExp): Promise<void> => {
    const said = await run.then(() => "it ended well", (error: unknown) => (error as Error).message);
    expect(said).toMatch(says);
    expect(said).not.toContain(SECRET);
    await expect(store.keys()).resolves.toEqual(before);
    await expect(store.unfinished()).resolves.toEqual([]);
  };
  const record = (fault: string, happened: string, changed: Partial<FaultRow> = {}): void =>
    recordFault({ engine: "files", fault, happened, exit: "error", evidence: "no manifest", alarm: "failed, late", left: "the earlier backup", ...changed });

  it.each(faults)("$fault", async ({ fault, fateOf, says, happened }) => {
    await expectOnlyTheEarlier(backUp(await readThrough(fateOf)), says);
    record(fault, happened);
  });

  it("bucket gone", async () => {
    const gone = await makeStore(s3);
    await gone.s3.send(new DeleteBucketCommand({ Bucket: gone.name }));
    await expectOnlyTheEarlier(backUp(gone), /bucket does not exist/);
    record("bucket gone", "the bucket does not exist");
  });

  it("deadline in the middle", async () => {
    const deadline = new AbortController();
    const from = await readThrough((seen) => {
      if (!isObject(seen)) return "pass";
      deadline.abort(new Error("The deadline is near."));
      return "stall";
    });
    await expectOnlyTheEarlier(backUp(from, TONIGHT, deadline.signal), /^The deadline is near\.$/);
    record("deadline in the middle", "ended with the deadline's words");
  });

  it("bucket emptied that was not", async () => {
    const [own, emptied] = [await makeStore(s3), await makeStore(s3)];
    for (const day of [1, 2]) await backUp(uploads, at(day), never, own);
    for (const day of [3, 4, 21]) await backUp(emptied, at(day), never, own);
    const published: Gauge[] = [];
    // Those of the emptied bucket stay as well: the newest is far smaller than the nights before it, so it replaces nothing.
    await expect(retainIn({ store: own }, published)).resolves.toMatchObject({
      superseded: { accounts: [runOf(1)] }, heldBack: { accounts: [runOf(4), runOf(3), runOf(2)] },
    });
    expect((await markedIn(own)).some((key) => key.includes(runOf(2)))).toBe(false);
    expect(published).toEqual(held(3));
    record("bucket emptied that was not", "stored; no older one with files is marked", { exit: "stored", evidence: "manifest, counts 0", alarm: "held back", left: "the last with files" });
  });
});
