import { randomUUID } from "node:crypto";
import { ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { S3Client } from "@aws-sdk/client-s3";
import { clientSettings, s3Settings } from "../runtime/clients.ts";
import { makeHandler } from "../runtime/handler.ts";
import { s3Store } from "../store/s3/s3-store.ts";
import { answer } from "./answer.ts";
import { readSetup } from "./job.ts";

const s3 = new S3Client(s3Settings(process.env));
const elasticache = new ElastiCacheClient(clientSettings);

export const handler = makeHandler("elasticache", (event: unknown, { signal }) => {
  const { bucket, job } = readSetup(process.env);
  return answer(event, job, {
    elasticache, store: s3Store({ s3, name: bucket }), exports: { s3, name: job.exportBucket }, now: () => new Date(), attempt: randomUUID(), signal,
  });
});
