import { createHash } from "node:crypto";
import { S3Client } from "@aws-sdk/client-s3";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { runBackup } from "../../../handlers/backup/run.ts";
import { s3Store } from "../../../handlers/store/s3/s3-store.ts";
import type { Store } from "../../../handlers/store/store.ts";
import type { BackupManifest } from "../../../practice/contract/manifest.ts";
import type { BackupOutcome } from "../../../practice/contract/events.ts";
import { dumpWith, jobAt } from "../../support/handlers/dumps.ts";
import { type Fate, type FaultyProxy, type SeenRequest, startFaultyProxy } from "../../support/handlers/faulty-proxy.ts";
import { makeStore, settingsOf, type TestStore } from "../../support/handlers/test-store.ts";
import { describeWithParts } from "../../support/parts.ts";
import { type S3Server, startS3 } from "../../support/servers/s3.ts";

const job = jobAt("2026-11-23T02:00:00Z");
const folder = "campus/accounts/2026/11/20261123T020000Z/";
const manifestAt = `${folder}manifest.json`;

describeWithParts("a run of a backup", ["s3"], () => {
  let server: S3Server;
  let store: TestStore;
  let proxy: FaultyProxy | undefined;
  beforeAll(async () => {
    server = await startS3();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    store = await makeStore(server);
  });
  afterEach(async () => {
    await proxy?.stop();
    proxy = undefined;
  });

  const run = (attempt: string, body: Iterable<Uint8Array> | AsyncIterable<Uint8Array>, through: Store = store, closed?: () => void): Promise<BackupOutcome> =>
    runBackup(job, {
      store: through, attempt, now: () => new Date("2026-11-23T02:10:00Z"), signal: new AbortController().signal,
      openDump: () => Promise.resolve(dumpWith(body, closed)),
    });
  const manifest = async (): Promise<BackupManifest> => JSON.parse(await store.text(manifestAt)) as BackupManifest;
  const throughProxy = async (fateOf: (seen: SeenRequest) => Fate): Promise<Store> => {
    proxy = await startFaultyProxy(server.endpoint, fateOf);
    return s3Store({ name: store.name, s3: new S3Client(settingsOf(server, proxy.endpoint)) });
  };
  const isManifest = ({ method, path }: SeenRequest): boolean => method === "PUT" && path.includes("manifest.json");

  it("stores the dump, then a manifest that says what it is", async () => {
    let closed = 0;
    const bytes = Buffer.from("all the rows");
    await expect(run("one", [bytes], store, () => void (closed += 1))).resolves.toEqual({ outcome: "stored", manifestKey: manifestAt, bytes: 12 });
    await expect(manifest()).resolves.toMatchObject({
      version: 1, system: "campus", stack: "prod", source: "accounts", engine: "postgresql", database: "accounts",
      runId: "20261123T020000Z", scheduledAt: "2026-11-23T02:00:00.000Z", attempt: "one",
      object: { key: `${folder}one.dump`, bytes: 12, sha256: createHash("sha256").update(bytes).digest("hex"), crc32: "+bKDEg==" },
      restoreCommand: `restore s3://${store.name}/${folder}one.dump`,
    });
    expect((await manifest()).object.versionId).not.toBe("");
    expect(closed).toBe(1);
  });

  it("does not dump again what is stored already", async () => {
    await run("one", [Buffer.from("first")]);
    const again = runBackup(job, {
      store, attempt: "two", now: () => new Date(), signal: new AbortController().signal,
      openDump: () => Promise.reject(new Error("must not be asked")),
    });
    await expect(again).resolves.toEqual({ outcome: "already-stored", manifestKey: manifestAt });
    await expect(store.keys()).resolves.toEqual([manifestAt, `${folder}one.dump`]);
  });

  it("refuses an empty dump, and ends what made it", async () => {
    let closed = 0;
    await expect(run("one", [], store, () => void (closed += 1))).rejects.toThrow("Expected a dump, it is empty");
    await expect(store.keys()).resolves.toEqual([]);
    expect(closed).toBe(1);
  });

  it("writes no manifest for a dump that failed at its end", async () => {
    function* failing(): Generator<Uint8Array> {
      yield Buffer.from("nearly all the rows");
      throw new Error("the program died");
    }
    await expect(run("one", failing())).rejects.toThrow("the program died");
    await expect(store.keys()).resolves.toEqual([]);
  });

  it("writes no manifest when S3 holds other bytes than were sent", async () => {
    const swapped = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from("all the rows");
    };
    const through = await throughProxy((seen) => {
      if (seen.method === "HEAD" && seen.path.includes("one.dump")) return { status: 404, code: "NotFound" };
      return "pass";
    });
    await expect(run("one", swapped(), through)).rejects.toThrow(/Expected .*one\.dump to hold the 12 bytes .*there is no such object/);
    await expect(store.keys()).resolves.toEqual([`${folder}one.dump`]);
  });

  it("notices that the stored object was changed before it is recorded", async () => {
    let changed = false;
    const s3 = Object.assign(Object.create(store.s3) as S3Client, {
      send: async (...[command, options]: Parameters<S3Client["send"]>) => {
        if (command.constructor.name === "HeadObjectCommand" && JSON.stringify(command.input).includes("one.dump")) {
          await store.put(`${folder}one.dump`, "all the raws");
          changed = true;
        }
        return store.s3.send(command, options);
      },
    });
    await expect(run("one", [Buffer.from("all the rows")], s3Store({ s3, name: store.name }))).rejects.toThrow("that were sent, the store has 12 bytes with CRC32");
    expect(changed).toBe(true);
  });

  it("repeats a manifest that met another write of it", async () => {
    let conflicts = 0;
    const through = await throughProxy((seen) => (isManifest(seen) && (conflicts += 1) <= 2 ? { status: 409, code: "ConditionalRequestConflict" } : "pass"));
    await expect(run("one", [Buffer.from("rows")], through)).resolves.toMatchObject({ outcome: "stored" });
    expect(conflicts).toBe(3);
  });

  it("gives up after six conflicts, and leaves no manifest", async () => {
    const through = await throughProxy((seen) => (isManifest(seen) ? { status: 409, code: "ConditionalRequestConflict" } : "pass"));
    await expect(run("one", [Buffer.from("rows")], through)).rejects.toThrow("injected");
    expect(proxy?.seen.filter(isManifest)).toHaveLength(6);
    await expect(store.keys()).resolves.toEqual([`${folder}one.dump`]);
  });

  it("knows its own manifest again when the answer to its write was lost", async () => {
    let lost = false;
    const through = await throughProxy((seen) => {
      if (lost || !isManifest(seen)) return "pass";
      lost = true;
      return "lose-answer";
    });
    await expect(run("one", [Buffer.from("rows")], through)).resolves.toMatchObject({ outcome: "stored" });
    expect(lost).toBe(true);
    await expect(store.tags(`${folder}one.dump`)).resolves.toEqual({});
  });

  it("says so of a whole dump even when it is told to stop just then", async () => {
    const stop = new AbortController();
    const telling: Store = { ...store, write: async (object) => {
      const versionId = await store.write(object);
      stop.abort(new Error("the deadline"));
      return versionId;
    } };
    await expect(runBackup(job, {
      store: telling, attempt: "one", now: () => new Date(), signal: stop.signal, openDump: () => Promise.resolve(dumpWith([Buffer.from("rows")])),
    })).resolves.toMatchObject({ outcome: "stored" });
    await expect(store.keys()).resolves.toEqual([manifestAt, `${folder}one.dump`]);
  });

  it("stops before it dumps when there is no time left", async () => {
    const late = runBackup(job, {
      store, attempt: "one", now: () => new Date(), signal: AbortSignal.abort(new Error("the deadline")),
      openDump: () => Promise.reject(new Error("must not be asked")),
    });
    await expect(late).rejects.toThrow("the deadline");
  });
});
