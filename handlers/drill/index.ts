import { S3Client } from "@aws-sdk/client-s3";
import { s3Settings } from "../runtime/clients.ts";
import { makeTask } from "../runtime/task.ts";
import { s3Store } from "../store/s3/s3-store.ts";
import { runVerification } from "../verify/run.ts";
import { readSetup } from "./job.ts";
import { scratchOf } from "./scratch.ts";

const s3 = new S3Client(s3Settings(process.env));

export const task = makeTask("drill", ({ signal, scheduledAt, tools }) => {
  const { bucket, engine, port, job } = readSetup(process.env);
  const store = s3Store({ s3, name: bucket });
  return runVerification({ ...job, level: "restore", scheduledAt }, {
    store: {
      ...store,
      // Told to stop, a drill has found out nothing: a record would keep the one that is started in its place from saying more.
      create: (key, text) => {
        signal.throwIfAborted();
        return store.create(key, text);
      },
    },
    openTarget: scratchOf({ engine, port, tools }),
    now: () => new Date(),
    signal,
  });
});
