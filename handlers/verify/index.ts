import { S3Client } from "@aws-sdk/client-s3";
import { toolsFolder } from "../../practice/contract/environment.ts";
import type { DrilledAnswer } from "../../practice/contract/events.ts";
import { decodeOf } from "../engines/open.ts";
import { s3Settings } from "../runtime/clients.ts";
import { makeHandler } from "../runtime/handler.ts";
import { replicaOf } from "../store/replica.ts";
import { s3Store } from "../store/s3/s3-store.ts";
import { drilledFrom, findDrill } from "./drilled.ts";
import { checkFrom, readSetup } from "./job.ts";
import { runVerification, type VerificationReport } from "./run.ts";

const s3 = new S3Client(s3Settings(process.env));

export const handler = makeHandler("verify", (event: unknown, { signal }): Promise<DrilledAnswer | VerificationReport> => {
  const setup = readSetup(process.env);
  const store = s3Store({ s3, name: setup.bucket });
  const drill = drilledFrom(event);
  if (drill !== undefined) return findDrill(store, setup.job, drill);
  const tools = process.env[toolsFolder.name] ?? toolsFolder.default;
  return runVerification({ ...setup.job, ...checkFrom(event) }, {
    store,
    ...replicaOf(setup, process.env),
    decode: decodeOf({ engine: setup.engine, tools }),
    now: () => new Date(),
    signal,
  });
});
