import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { parseManifest } from "../../../handlers/store/manifest.ts";
import { manifestKey, runPrefix } from "../../../practice/contract/store.ts";
import { handlersBuilt } from "../../support/built.ts";
import { recordFault } from "../../support/fault-matrix.ts";
import { type DumpedEngine, type DumpedSource, partsOf, startSource } from "../../support/handlers/dumped-sources.ts";
import { type SeenRequest, startFaultyProxy } from "../../support/handlers/faulty-proxy.ts";
import { startFullObjectS3 } from "../../support/handlers/full-object-s3.ts";
import { childProcesses } from "../../support/handlers/processes.ts";
import { makeStore, settingsOf, type TestStore } from "../../support/handlers/test-store.ts";
import { describeWithParts } from "../../support/parts.ts";
import type { S3Server } from "../../support/servers/s3.ts";

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
const bundle = pathToFileURL(join(root, "dist", "handlers", "backup", "index.mjs")).href;

/** As Lambda starts it. */
const SCRIPT = `const { handler } = await import(process.argv[1]);
  await handler({ scheduledTime: process.argv[2] }, { awsRequestId: "request-1", getRemainingTimeInMillis: () => 300000 });`;

const EARLIER = new Date("2026-11-22T02:00:00Z");
const DAY_MILLISECONDS = 86_400_000;

/** What a run does to a store, in this order. */
const inOnePiece = ["stores the dump", "writes the manifest"] as const;
const inParts = ["begins an upload", "stores a part", "stores another part", "completes the upload", "writes the manifest"] as const;

/** Only an archive of files is large enough here for an upload of several parts. */
const steps: Readonly<Record<DumpedEngine, readonly string[]>> = { postgresql: inOnePiece, mongodb: inOnePiece, redis: inOnePiece, files: inParts };

const changes = ({ method }: SeenRequest): boolean => method === "PUT" || method === "POST";

vi.setConfig({ testTimeout: 60_000 });

beforeAll(handlersBuilt);

for (const engine of ["postgresql", "mongodb", "redis", "files"] as const) describeWithParts(`a backup of ${engine} whose process is killed`, partsOf[engine], () => {
  let s3: S3Server;
  let source: DumpedSource;
  let store: TestStore;
  /** Each test has a night of its own, after all that earlier ones left. */
  let night = EARLIER;
  let before: readonly string[];
  let unfinishedBefore: readonly string[];
  let scratch: string;
  beforeAll(async () => {
    s3 = await startFullObjectS3();
    source = await startSource[engine](s3);
    if (source.asFunction !== undefined) await new SecretsManagerClient(settingsOf(s3)).send(new CreateSecretCommand({ Name: "its-secret", SecretString: JSON.stringify(source.asFunction.secret) }));
    scratch = mkdtempSync(join(tmpdir(), "killed-"));
    store = await makeStore(s3);
    await run(EARLIER);
    rmSync(scratch, { recursive: true });
    await expect(store.keys()).resolves.toHaveLength(2);
  });
  afterAll(async () => {
    await source.stop();
    await s3.stop();
  });
  beforeEach(async () => {
    scratch = mkdtempSync(join(tmpdir(), "killed-"));
    onTestFinished(() => rmSync(scratch, { recursive: true }));
    night = new Date(night.getTime() + DAY_MILLISECONDS);
    before = await store.keys();
    unfinishedBefore = await store.unfinished();
  });

  /** Runs the bundle in a process of its own; gives all that it wrote, and how it ended. `begun` is told its number. */
  const run = (scheduledAt: Date, endpoint = s3.endpoint, begun: (id: number) => void = () => undefined): Promise<{ readonly output: string; readonly ended: number | NodeJS.Signals | null }> => new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--input-type=module", "--eval", SCRIPT, bundle, scheduledAt.toISOString()], {
      env: {
        ...s3.env, AWS_ENDPOINT_URL_S3: endpoint, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true", TMPDIR: scratch, PATH: process.env["PATH"],
        UPKEEP_SYSTEM: "campus", UPKEEP_STACK: "prod", UPKEEP_STORE_BUCKET: store.name, UPKEEP_SOURCE: source.job.source, UPKEEP_ENGINE: engine,
        UPKEEP_DATABASE: source.job.database, UPKEEP_SECRET: "its-secret", UPKEEP_SIZE_GIB: "1", UPKEEP_TOOLS: source.asFunction?.tools ?? "/nowhere",
      },
      timeout: 60_000,
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => void (output += chunk.toString()));
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ output, ended: code ?? signal }));
    if (child.pid !== undefined) begun(child.pid);
  });

  /** Lets so many changes of the store happen. The answer to the last one is lost, and with the next request the process dies. */
  const killedAfter = async (allowed: number): Promise<{ readonly output: string; readonly ended: unknown; readonly programs: readonly number[] }> => {
    let id = 0;
    let seen = 0;
    let programs: readonly number[] = [];
    const proxy = await startFaultyProxy(s3.endpoint, (request) => {
      if (!changes(request)) return "pass";
      seen += 1;
      if (seen < allowed) return "pass";
      if (seen === allowed) return "lose-answer";
      if (programs.length === 0) programs = childProcesses("", id).map((child) => child.id);
      process.kill(id, "SIGKILL");
      return "reset";
    });
    onTestFinished(() => proxy.stop());
    const { output, ended } = await run(night, proxy.endpoint, (begun) => void (id = begun));
    return { output, ended, programs };
  };

  const key = (): string => manifestKey(runPrefix("campus", source.job.source, night));

  it.each(["before it changes anything", ...steps[engine].map((step) => `just after it ${step}`)].map((when, allowed) => [when, allowed] as const))(
    "%s: the next delivery makes it whole, and nothing earlier is lost", async (when, allowed) => {
      const last = steps[engine].length;
      const killed = await killedAfter(allowed);
      expect(killed.ended).toBe("SIGKILL");
      await expect.poll(() => killed.programs.filter((id) => existsSync(`/proc/${id}/exe`)), { timeout: 15_000, message: "its programs end without it" }).toEqual([]);
      expect((await store.keys()).includes(key())).toBe(allowed === last);
      expect(await store.keys()).toEqual(expect.arrayContaining([...before]));
      const unfinished = (await store.unfinished()).length - unfinishedBefore.length;
      expect(unfinished).toBe(last > inOnePiece.length && allowed > 0 && allowed < last - 1 ? 1 : 0);
      for (const name of readdirSync(scratch)) expect(statSync(join(scratch, name)).mode & 0o077, "what it left is its owner's alone").toBe(0);

      const next = await run(night);
      expect(next.ended).toBe(0);
      expect(next.output).toContain(allowed === last ? '"outcome":"already-stored"' : '"outcome":"stored"');
      const { object } = parseManifest(await store.text(key()), { system: "campus", stack: "prod", source: source.job.source, key: key() });
      await expect(store.facts(object.key)).resolves.toMatchObject({ bytes: object.bytes, crc32: object.crc32 });
      for (const secret of source.secrets) expect(killed.output + next.output).not.toContain(secret);
      recordFault({
        engine, fault: `killed ${when}`, happened: allowed === last ? "a backup; the next delivery knows it" : "the next delivery stores it", exit: "killed",
        evidence: allowed === last ? "manifest" : "none, then manifest", alarm: "failed", left: unfinished > 0 ? "parts, for lifecycle" : "no part",
      });
    },
  );
});
