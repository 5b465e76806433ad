import { createHash } from "node:crypto";
import type { S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runBackup } from "../../../handlers/backup/run.ts";
import { s3Store } from "../../../handlers/store/s3/s3-store.ts";
import type { BackupOutcome } from "../../../practice/contract/events.ts";
import type { BackupManifest } from "../../../practice/contract/manifest.ts";
import { recordFault } from "../../support/fault-matrix.ts";
import { dumpWith, jobAt } from "../../support/handlers/dumps.ts";
import { makeStore, type TestStore } from "../../support/handlers/test-store.ts";
import { describeWithParts } from "../../support/parts.ts";
import { type S3Server, startS3 } from "../../support/servers/s3.ts";

const folder = "campus/accounts/2026/11/20261123T020000Z/";
const attempts = ["one", "two"] as const;
type Attempt = (typeof attempts)[number];

/** What an attempt does to the store, in this order; each waits until it is its turn. */
const steps = ["looks for a manifest", "stores its dump", "writes its manifest"] as const;

/** Every order in which the steps of two attempts can follow each other. */
function orders(one: number, two: number): readonly (readonly Attempt[])[] {
  if (one === 0 && two === 0) return [[]];
  return [
    ...(one > 0 ? orders(one - 1, two).map((rest) => ["one" as const, ...rest]) : []),
    ...(two > 0 ? orders(one, two - 1).map((rest) => ["two" as const, ...rest]) : []),
  ];
}

/** A client whose every step waits to be let through. */
class Gate {
  #open: () => void = () => undefined;
  #reached: () => void = () => undefined;
  readonly #shut: Promise<void>[] = [];
  /** Resolves when the attempt stands before its next step. */
  atGate = new Promise<void>((resolve) => {
    this.#reached = resolve;
  });

  async pass(): Promise<void> {
    const shut = new Promise<void>((resolve) => {
      this.#open = resolve;
    });
    this.#shut.push(shut);
    this.#reached();
    await shut;
  }

  letThrough(): void {
    this.atGate = new Promise((resolve) => {
      this.#reached = resolve;
    });
    this.#open();
  }
}

const isStep = (name: string, key: string): boolean =>
  (name === "HeadObjectCommand" && key.endsWith("manifest.json")) || name === "PutObjectCommand";

function gated(s3: S3Client, gate: Gate): S3Client {
  const send = async (...[command, options]: Parameters<S3Client["send"]>): Promise<unknown> => {
    if (isStep(command.constructor.name, JSON.stringify("Key" in command.input ? command.input.Key : "").slice(1, -1))) await gate.pass();
    return s3.send(command, options);
  };
  return Object.assign(Object.create(s3) as S3Client, { send });
}

describeWithParts("two deliveries of one run", ["s3"], () => {
  let server: S3Server;
  beforeAll(async () => {
    server = await startS3();
  });
  afterAll(() => server.stop());

  const start = (store: TestStore, attempt: Attempt, gate: Gate): Promise<BackupOutcome> => runBackup(jobAt("2026-11-23T02:00:00Z"), {
    store: s3Store({ name: store.name, s3: gated(store.s3, gate) }), attempt, now: () => new Date(), signal: new AbortController().signal,
    openDump: () => Promise.resolve(dumpWith([Buffer.from(`rows as ${attempt} saw them`)])),
  });

  const all = orders(steps.length, steps.length);
  it.each(all.map((order) => [order.join(" "), order] as const))(
    "leave one whole backup when they go %s", async (_, order) => {
      const store = await makeStore(server);
      const gates = { one: new Gate(), two: new Gate() };
      const done = { one: false, two: false };
      const runs = attempts.map(async (attempt) => {
        const outcome = await start(store, attempt, gates[attempt]);
        done[attempt] = true;
        return outcome;
      });
      for (const attempt of order) {
        const run = runs[attempts.indexOf(attempt)];
        await Promise.race([gates[attempt].atGate, run]);
        if (done[attempt]) continue;
        gates[attempt].letThrough();
        await Promise.race([gates[attempt].atGate, run]);
      }
      const outcomes = await Promise.all(runs);

      expect(outcomes.map(({ outcome }) => outcome).toSorted()).toEqual(["already-stored", "stored"]);
      const winner = attempts[outcomes.findIndex(({ outcome }) => outcome === "stored")] ?? "one";
      const manifest = JSON.parse(await store.text(`${folder}manifest.json`)) as BackupManifest;
      expect(manifest).toMatchObject({ attempt: winner, object: { key: `${folder}${winner}.dump` } });
      const bytes = await store.text(manifest.object.key);
      expect(bytes).toBe(`rows as ${winner} saw them`);
      expect(manifest.object.sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
      await expect(store.tags(manifest.object.key)).resolves.toEqual({});

      const lost = (await store.keys()).filter((key) => key !== manifest.object.key && !key.endsWith("manifest.json"));
      for (const key of lost) await expect(store.tags(key)).resolves.toEqual({});
      // One row for all the orders: each other one that fails is a failure of its own.
      if (order === all.at(-1)) {
        recordFault({
          engine: "store", fault: `two deliveries, in each of ${all.length} orders of look, dump and manifest`, happened: "one is the backup, whole", exit: "stored",
          evidence: "one manifest", alarm: "none", left: "a lone dump at most",
        });
      }
    },
  );
});
