import { randomUUID } from "node:crypto";
import { S3Client } from "@aws-sdk/client-s3";
import type { BackupOutcome } from "../../practice/contract/events.ts";
import type { Listed } from "../../practice/contract/inventory.ts";
import { s3Settings } from "../runtime/clients.ts";
import { makeHandler } from "../runtime/handler.ts";
import { type CopiedBatch, copyBatch } from "./copy.ts";
import { finishCopies } from "./finish.ts";
import { readSetup, stepFrom } from "./job.ts";
import { listWork } from "./list.ts";

const s3 = new S3Client(s3Settings(process.env));

export const handler = makeHandler("copies", (event: unknown, { signal }): Promise<BackupOutcome | CopiedBatch | Listed> => {
  const { store: name, job } = readSetup(process.env);
  const step = stepFrom(event);
  const ports = { from: { s3, name: job.bucket }, store: { s3, name }, now: () => new Date(), attempt: randomUUID(), signal };
  switch (step.action) {
    case "list": return listWork(job, step.scheduledAt, ports);
    case "copy": return copyBatch(job, step.batch, ports);
    case "finish": return finishCopies(job, step, ports);
  }
});
