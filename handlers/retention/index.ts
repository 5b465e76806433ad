import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { S3Client } from "@aws-sdk/client-s3";
import { storeEnvironment } from "../../practice/contract/environment.ts";
import { clientSettings, s3Settings } from "../runtime/clients.ts";
import { readEnvironment } from "../runtime/environment.ts";
import { makeHandler } from "../runtime/handler.ts";
import { gaugePublisher } from "../runtime/metrics.ts";
import { replicaOf } from "../store/replica.ts";
import { s3Store } from "../store/s3/s3-store.ts";
import { parseSources } from "../store/sources.ts";
import { runRetention } from "./run.ts";

const s3 = new S3Client(s3Settings(process.env));
const cloudWatch = new CloudWatchClient(clientSettings);
const now = (): Date => new Date();

export const handler = makeHandler("retention", (_event: unknown, { signal }) => {
  const read = readEnvironment(storeEnvironment, process.env, ["replicaBucket", "replicaRegion"]);
  const { system, stack, bucket, sources } = read;
  const job = { system, stack, sources: parseSources(storeEnvironment.sources, sources) };
  return runRetention(job, {
    store: s3Store({ s3, name: bucket }),
    ...replicaOf(read, process.env),
    publish: gaugePublisher(cloudWatch, job, now),
    now,
    signal,
  });
});
