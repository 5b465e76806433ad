import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { S3Client } from "@aws-sdk/client-s3";
import { evidenceEnvironment } from "../../practice/contract/environment.ts";
import { clientSettings, s3Settings } from "../runtime/clients.ts";
import { readEnvironment } from "../runtime/environment.ts";
import { makeHandler } from "../runtime/handler.ts";
import { gaugePublisher } from "../runtime/metrics.ts";
import { parseSources } from "../store/sources.ts";
import { runEvidence } from "./run.ts";

const s3 = new S3Client(s3Settings(process.env));
const cloudWatch = new CloudWatchClient(clientSettings);
const now = (): Date => new Date();

export const handler = makeHandler("evidence", (_event: unknown, { signal }) => {
  const { system, stack, bucket, sources } = readEnvironment(evidenceEnvironment, process.env);
  const job = { system, stack, sources: parseSources(evidenceEnvironment.sources, sources) };
  return runEvidence(job, { store: { s3, name: bucket }, publish: gaugePublisher(cloudWatch, job, now), now, signal });
});
