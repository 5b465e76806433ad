import { gunzipSync } from "node:zlib";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import type { DescribeExecutionCommandOutput } from "@aws-sdk/client-sfn";
import { expect } from "vitest";
import { snapshotName } from "../../../../practice/contract/elasticache.ts";
import type { BackupManifest } from "../../../../practice/contract/manifest.ts";
import { manifestKey, runPrefix } from "../../../../practice/contract/store.ts";
import { handlersBuilt } from "../../built.ts";
import { startShards, type Shards } from "../../handlers/redis-shards.ts";
import { secondsAgo } from "../at-work.ts";
import { type ElastiCacheMachine, startElastiCacheMachine } from "./machine.ts";

export const SOURCE = "carts";

/** Of the stack that has everything. */
export const scope = { system: { name: "campus" }, stack: "test" } as const;

/** A run that no test has made yet. */
export interface NewRun {
  readonly scheduledTime: string;
  /** Of its snapshot and its export. */
  readonly name: string;
  readonly prefix: string;
}

/** The declared machine with two shards of real Redis behind its double of ElastiCache, and what a test asks of a run. */
export interface ExportedBackup {
  readonly machine: ElastiCacheMachine;
  readonly shards: Shards;
  readonly snapshots: readonly Uint8Array[];
  /** Puts ElastiCache right again. */
  readonly newRun: () => NewRun;
  readonly oneShard: () => void;
  readonly manifestOf: (run: NewRun) => Promise<BackupManifest>;
  /** Its dump, unpacked. */
  readonly storedOf: (run: NewRun) => Promise<Buffer>;
  /** What the store has of it, also of uploads that were not ended. */
  readonly leftOf: (run: NewRun) => Promise<readonly string[]>;
  /** Neither with ElastiCache nor in the bucket between. */
  readonly expectCleared: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export async function startExportedBackup(): Promise<ExportedBackup> {
  await handlersBuilt();
  const [machine, shards] = await Promise.all([startElastiCacheMachine(SOURCE), startShards(2)]);
  const snapshots = await shards.snapshots();
  const { elasticache, group, store } = machine;
  let age = 7200;
  const manifestOf: ExportedBackup["manifestOf"] = async ({ prefix }) => JSON.parse(await store.text(manifestKey(prefix))) as BackupManifest;
  return {
    machine, shards, snapshots, manifestOf,
    newRun: () => {
      age -= 60;
      elasticache.snapshots.clear();
      elasticache.faults.next.clear();
      delete elasticache.exported;
      Object.assign(elasticache, { looksUntilAvailable: 1, looksUntilExported: 1 });
      elasticache.sources.set(group, { kind: "group", shards: () => Promise.resolve(snapshots) });
      const scheduledTime = secondsAgo(age);
      const at = new Date(scheduledTime);
      return { scheduledTime, name: snapshotName(scope, SOURCE, at), prefix: runPrefix("campus", SOURCE, at) };
    },
    oneShard: () => void elasticache.sources.set(group, { kind: "group", shards: () => Promise.resolve(snapshots.slice(0, 1)) }),
    storedOf: async (run) => {
      const { Body } = await machine.clients.s3.send(new GetObjectCommand({ Bucket: store.name, Key: (await manifestOf(run)).object.key }));
      return gunzipSync(await Body?.transformToByteArray() ?? Buffer.alloc(0));
    },
    leftOf: async ({ prefix }) => [...await store.keys(), ...await store.unfinished()].filter((key) => key.startsWith(prefix)),
    expectCleared: async () => {
      expect([...elasticache.snapshots.keys()]).toEqual([]);
      await expect(machine.exports.keys()).resolves.toEqual([]);
    },
    stop: async () => void await Promise.all([machine.stop(), shards.stop()]),
  };
}

/** What a run that succeeds reports. */
export async function succeeds(ended: Promise<DescribeExecutionCommandOutput>): Promise<Readonly<Record<string, unknown>>> {
  const { status, output, error, cause } = await ended;
  expect({ status, error, cause }).toEqual({ status: "SUCCEEDED", error: undefined, cause: undefined });
  return JSON.parse(output ?? "") as Readonly<Record<string, unknown>>;
}
