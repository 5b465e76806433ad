import { randomBytes } from "node:crypto";
import { AbortMultipartUploadCommand, DeleteObjectCommand } from "@aws-sdk/client-s3";
import { expect, onTestFinished } from "vitest";
import { type RetentionJob, type RetentionPorts, runRetention } from "../../../handlers/retention/run.ts";
import { manifestKey, runPrefix } from "../../../practice/contract/store.ts";
import { copiedManifest, runCopies } from "../handlers/copying.ts";
import { startFaultyProxy } from "../handlers/faulty-proxy.ts";
import type { TestStore } from "../handlers/test-store.ts";
import type { S3Server } from "../servers/s3.ts";
import type { Recorder } from "./recorder.ts";

/** Two deliveries, a run that builds on the one before, and one that fails in the middle of a large object. */
export async function backUpByCopies(server: S3Server, recorder: Recorder, store: TestStore, bucket: TestStore): Promise<void> {
  const at = (day: number, endpoint?: string) => {
    const s3 = recorder.s3(endpoint);
    return runCopies({
      store: { s3, name: store.name, text: store.text }, from: { s3, name: bucket.name }, source: "media", at: `2026-11-${day}T02:00:00Z`, limits: { single: 6_000_000, part: 5 * 1024 * 1024 },
    });
  };
  await bucket.put("small", "x");
  await bucket.put("large", randomBytes(7_000_000));
  await Promise.all([at(22), at(22)]);
  await at(23);
  await bucket.put("refused", randomBytes(7_000_000));
  const proxy = await startFaultyProxy(server.endpoint, ({ method, path }) => (method === "PUT" && path.includes("partNumber=2") && path.includes("/objects/") ? { status: 403, code: "AccessDenied" } : "pass"));
  onTestFinished(() => proxy.stop());
  await expect(at(24, proxy.endpoint)).rejects.toThrow("injected");
  await expect(store.unfinished()).resolves.toEqual([]);
  // The list of what was kept is in one part here; that of a million objects is taken back so when it fails.
  await expect(recorder.s3().send(new AbortMultipartUploadCommand({ Bucket: store.name, Key: ".work/campus/media/20261124T020000Z/one-kept.jsonl.gz", UploadId: "none" }))).rejects.toThrow();
}

/** A copy that no list names, and a list that can be read no more because its backup is on its way out. */
export async function retainCopies(job: RetentionJob, calling: RetentionPorts, { store, replica, uploads }: { readonly store: TestStore; readonly replica: TestStore; readonly uploads: TestStore }): Promise<void> {
  await uploads.put("a", "x");
  const at = new Date(Date.now() - 60_000).toISOString();
  await runCopies({ store, from: uploads, source: "media", at });
  for (const place of [store, replica]) await place.put(`campus/media/objects/${"a".repeat(64)}`, "nobody's");
  const ports = { ...calling, now: () => new Date(Date.now() + 10 * 86_400_000) };
  await expect(runRetention(job, ports)).resolves.toMatchObject({ unlistedCopies: { media: 1 } });
  const { object } = await copiedManifest(store, at, "media");
  await store.s3.send(new DeleteObjectCommand({ Bucket: store.name, Key: object.key, VersionId: object.versionId }));
  await store.markSuperseded(manifestKey(runPrefix("campus", "media", new Date(at))));
  await expect(runRetention(job, ports)).rejects.toThrow("the store has no such object");
}
