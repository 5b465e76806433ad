import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { GetDashboardCommand } from "@aws-sdk/client-cloudwatch";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { expect, onTestFinished } from "vitest";
import { readCredentials } from "../../../handlers/engines/credentials.ts";
import { readRepositoryAccess } from "../../../handlers/engines/repository/access.ts";
import { openConfigurationDump } from "../../../handlers/engines/configuration/dump.ts";
import { readConfiguration } from "../../../handlers/engines/configuration/read.ts";
import { dumpOf } from "../../../handlers/engines/open.ts";
import { answer } from "../../../handlers/backup/answer.ts";
import { type BackupJob, runBackup } from "../../../handlers/backup/run.ts";
import { runEvidence } from "../../../handlers/evidence/run.ts";
import { runRetention } from "../../../handlers/retention/run.ts";
import { runVerification } from "../../../handlers/verify/run.ts";
import { gaugePublisher } from "../../../handlers/runtime/metrics.ts";
import { s3Store } from "../../../handlers/store/s3/s3-store.ts";
import { putBackup } from "../handlers/backups.ts";
import { jobAt } from "../handlers/dumps.ts";
import { configureAccount } from "../handlers/configured-account.ts";
import { startFaultyProxy } from "../handlers/faulty-proxy.ts";
import { scriptedPostgresql } from "../handlers/scripted-postgresql.ts";
import { makeStore, type TestStore } from "../handlers/test-store.ts";
import { startGit } from "../servers/git.ts";
import type { S3Server } from "../servers/s3.ts";
import { backUpByCopies, retainCopies } from "./copies-at-work.ts";
import { storeExports } from "./exports-at-work.ts";
import type { Recorder } from "./recorder.ts";
import { atWork, secretName, type Stage, type Worked } from "./stage.ts";

/** Each handler's whole work: what succeeds, what meets itself, what fails half way. */
export const handlersAtWork: { readonly [handler in "database" | "task" | "files" | "copies" | "exportOfGroup" | "exportOfNode" | "repository" | "configuration" | "verification" | "evidence" | "retention"]: (server: S3Server) => Promise<Worked> } = {
  database: (server) => atWork(server, "source", async (stage) => {
    await dumps(stage);
    const { recorder, store } = stage;
    const ports = {
      store: s3Store({ s3: recorder.s3(), name: store.name }), attempt: "one", now: () => new Date(), signal: new AbortController().signal,
      openDump: () => Promise.reject(new Error("must not be asked")),
    };
    await expect(answer({ action: "plan", declared: "fargate" }, jobAt(dumpedAt), ports)).resolves.toMatchObject({ runner: "lambda" });
    await expect(answer({ action: "verify", scheduledTime: dumpedAt }, jobAt(dumpedAt), ports)).resolves.toMatchObject({ outcome: "stored" });
  }),
  task: (server) => atWork(server, "source", async (stage) => {
    const key = ".code/backup/index.mjs";
    await stage.store.put(key, "export const task = 1;");
    const s3 = stage.recorder.s3();
    await s3.send(new ListObjectsV2Command({ Bucket: stage.store.name, Prefix: ".code/backup/" }));
    await s3.send(new GetObjectCommand({ Bucket: stage.store.name, Key: key }));
    await dumps(stage);
  }),
  files: (server) => atWork(server, "source", async ({ recorder, store, other }) => {
    // Random bytes do not compress: the archive has three parts, and what is read ahead of a failure is less than one.
    await other.put("large", randomBytes(40_000_000));
    const files = (day: number): BackupJob => jobAt(`2026-11-${day}T02:00:00Z`, { source: "uploads", engine: "files", database: other.name });
    await twoDeliveries(recorder, store, files(23), "");
    // The next day's has begun its upload when it comes to an object that it cannot have.
    await other.put("refused", randomBytes(2_000_000));
    const proxy = await startFaultyProxy(server.endpoint, ({ path }) => (path.includes("/refused") ? { status: 403, code: "AccessDenied" } : "pass"));
    onTestFinished(() => proxy.stop());
    await expect(attempt(recorder, store, "one", files(24), "", proxy.endpoint)).rejects.toThrow("injected");
    await expect(store.unfinished()).resolves.toEqual([]);
  }),
  copies: (server) => atWork(server, "source", ({ recorder, store, other }) => backUpByCopies(server, recorder, store, other)),
  exportOfGroup: (server) => atWork(server, "exports", (stage) => storeExports(stage, { ReplicationGroupId: "campus-carts" })),
  exportOfNode: (server) => atWork(server, "exports", (stage) => storeExports(stage, { CacheClusterId: "campus-queue" })),
  repository: (server) => atWork(server, "source", async ({ recorder, store }) => {
    const git = await startGit();
    onTestFinished(() => git.stop());
    // Random bytes do not compress: the pack has three parts.
    const noise = join(git.repository, "noise");
    writeFileSync(noise, randomBytes(40_000_000));
    git.git("update-index", "--add", "--cacheinfo", `100644,${git.git("hash-object", "-w", noise)},noise`);
    git.git("update-ref", "refs/heads/main", git.git("commit-tree", git.git("write-tree"), "-m", "first"));
    const shop = (day: number): BackupJob => jobAt(`2026-11-${day}T02:00:00Z`, { source: "shop", engine: "repository", database: git.url });
    await twoDeliveries(recorder, store, shop(23), "");
    // The next day's has begun its upload when its server dies.
    git.killNext(30_000_000);
    await expect(attempt(recorder, store, "one", shop(24), "")).rejects.toThrow("Expected every ref");
    await expect(store.unfinished()).resolves.toEqual([]);
  }),
  configuration: (server) => atWork(server, "state", async ({ recorder, store, other }) => {
    await configureAccount(server, "test");
    const at = (day: number): BackupJob => jobAt(`2026-11-${day}T02:00:00Z`, { source: "configuration", engine: "configuration" });
    const wanted = { prefix: "campus-test-", parameters: ["/campus/test/"], secrets: [secretName], state: { bucket: other.name, key: stateObject } };
    const all = (until: AbortSignal) => readConfiguration({ ...recorder, s3: recorder.s3() }, wanted, until);
    const run = (name: string, of: BackupJob, read = all): Promise<unknown> => runBackup(of, {
      store: s3Store({ s3: recorder.s3(), name: store.name }), attempt: name, now: () => new Date(), signal: new AbortController().signal,
      openDump: (signal) => openConfigurationDump({ region: "eu-central-1", read }, signal),
    });
    await expect(run("one", at(22))).rejects.toThrow("there is none");
    // Bytes that do not compress: more than one part.
    const noise = randomBytes(36_000_000).toString("base64");
    await other.put(`${stateObject}.gz`, JSON.stringify({ noise }));
    await Promise.all(["one", "two"].map((name) => run(name, at(23))));
    // Many lines, so that their upload has begun when it comes to the one that cannot be written.
    const large = Array.from({ length: 48 }, (_, index) => ({ kind: "parameter" as const, name: `/large-${index}`, definition: noise.slice(index * 1_000_000, (index + 1) * 1_000_000) }));
    const unsaid = { kind: "function" as const, name: "unsaid", definition: { toJSON: () => { throw new Error("injected"); } } };
    const failing = () => Promise.resolve([...large, unsaid]);
    await expect(run("one", at(24), failing)).rejects.toThrow("injected");
    await expect(store.unfinished()).resolves.toEqual([]);
    // The emulator's lists of dashboards cannot be read, so it has none; the question for one is asked all the same.
    await expect(recorder.cloudWatch.send(new GetDashboardCommand({ DashboardName: "campus-test-ages" }))).rejects.toThrow();
  }),
  verification: (server) => atWork(server, "replica", async ({ recorder, store, other }) => {
    const rows = "all the rows";
    for (const place of [store, other]) await putBackup(place, { scheduledAt: "2026-11-22T02:00:00Z", rows });
    const { dump } = await putBackup(store, { scheduledAt: "2026-11-23T02:00:00Z", rows });
    const versionId = await store.write({ key: dump, body: bytesOf(rows), sizeGiB: 1, signal: new AbortController().signal });
    expect(versionId).not.toBe("");
    await putBackup(store, { scheduledAt: "2026-11-23T02:00:00Z", rows, versionId });
    const { store: bucket, replica, signal } = portsOf(recorder, store, other);
    for (const level of ["checksums", "decode"] as const) {
      const check = { system: "campus", stack: "prod", source: "accounts", keepDays: 3, level, scheduledAt: now() };
      const ports = { store: bucket, replica, now, signal, decode: async (read: AsyncIterable<Uint8Array>) => {
        for await (const chunk of read) void chunk;
        return {};
      } };
      // The newest has no copy: the first of the levels says so, after it has written that down.
      const ended = runVerification(check, ports);
      await (level === "checksums" ? expect(ended).rejects.toThrow("to be a copy of") : expect(ended).resolves.toMatchObject({ recorded: "recorded" }));
      await (level === "checksums" ? expect(runVerification(check, ports)).rejects.toThrow() : expect(runVerification(check, ports)).resolves.toMatchObject({ recorded: "already-recorded" }));
    }
  }),
  evidence: (server) => atWork(server, "replica", async ({ recorder, store, other }) => {
    await putBackup(store, { scheduledAt: "2026-11-23T02:00:00Z" });
    await runEvidence(job, portsOf(recorder, store, other));
  }),
  retention: (server) => atWork(server, "replica", async ({ recorder, store, other }) => {
    for (const day of ["01", "22"]) for (const place of [store, other]) await putBackup(place, { scheduledAt: `2026-11-${day}T02:00:00Z` });
    await runRetention(job, portsOf(recorder, store, other));
    await retainCopies({ ...job, sources: [{ source: "media", keepDays: 3 }] }, portsOf(recorder, store, other), { store, replica: other, uploads: await makeStore(server) });
  }),
};

/** As Pulumi names the state of the stack that the tests declare. */
const stateObject = ".pulumi/stacks/upkeep/test.json";

const attempt = (recorder: Recorder, store: TestStore, name: string, of: BackupJob, tools: string, endpoint?: string): Promise<unknown> => {
  const s3 = recorder.s3(endpoint);
  return runBackup(of, {
    store: s3Store({ s3, name: store.name }), attempt: name, now: () => new Date(), signal: new AbortController().signal,
    openDump: dumpOf({
      ...of, s3, tools,
      credentials: (signal) => readCredentials(recorder.secrets, { name: secretName }, signal),
      access: (signal) => readRepositoryAccess(recorder.secrets, secretName, signal),
    }),
  });
};

const dumpedAt = "2026-11-23T02:00:00Z";

/** Two deliveries of one run, and a run that fails with its upload under way. */
async function dumps({ recorder, store }: Stage): Promise<void> {
  await twoDeliveries(recorder, store, jobAt(dumpedAt), programs(0));
  await expect(attempt(recorder, store, "one", jobAt("2026-11-24T02:00:00Z"), programs(1))).rejects.toThrow("exit code 1");
}

const twoDeliveries = (recorder: Recorder, store: TestStore, of: BackupJob, tools: string): Promise<unknown> =>
  Promise.all(["one", "two"].map((name) => attempt(recorder, store, name, of, tools)));

/** Large enough for parts, and of a program that ends as it is told. */
const programs = (code: number): string => scriptedPostgresql({ dump: `head -c 17000000 /dev/zero; exit ${code}` });

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text));
}

const job = { system: "campus", stack: "prod", sources: [{ source: "accounts", keepDays: 3 }] };
const now = (): Date => new Date("2026-11-23T12:00:00Z");

const portsOf = ({ s3, cloudWatch }: Recorder, store: TestStore, replica: TestStore) => ({
  store: s3Store({ s3: s3(), name: store.name }), replica: s3Store({ s3: s3(), name: replica.name }),
  publish: gaugePublisher(cloudWatch, job, now), now, signal: new AbortController().signal,
});
