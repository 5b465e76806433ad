import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { S3Client } from "@aws-sdk/client-s3";
import { runBackup } from "../../handlers/backup/run.ts";
import type { Credentials } from "../../handlers/engines/credentials.ts";
import { gzip } from "../../handlers/engines/gzip.ts";
import { decodeOf, dumpOf, targetOf } from "../../handlers/engines/open.ts";
import { startProgram, toolsEnvironment } from "../../handlers/programs/program.ts";
import { listRuns, soundBackups } from "../../handlers/store/backups.ts";
import { folderStore } from "../../handlers/store/folder/folder-store.ts";
import { type Task, taskVariable } from "./task.ts";

const never = new AbortController().signal;
const task = JSON.parse(process.env[taskVariable] ?? "") as Task;
const { engine, database, tools, folder } = task;
const place = { store: folderStore(folder), system: "bench", stack: "bench", source: "data" };
const credentials = (): Promise<Credentials> => Promise.resolve(task.credentials);
const settings = { engine, database, tools, credentials, content: task.content, s3: new S3Client({}) };

/** The newest backup in the folder. */
async function newest() {
  const { runs } = await listRuns(place);
  const { value } = await soundBackups(place, runs, new Date(), (problem) => {
    throw problem;
  }).next();
  if (value === undefined) throw new Error("Expected a backup in the folder, there is none.");
  return value;
}

const began = performance.now();
switch (task.what) {
  case "backup":
    await runBackup({ ...place, engine, database, sizeGiB: task.sizeGiB, scheduledAt: new Date() }, {
      store: place.store, openDump: dumpOf(settings), now: () => new Date(), attempt: randomUUID(), signal: never,
    });
    break;
  case "compressed": {
    // The peer of a MongoDB backup: the same program and the same compressor, and nobody who looks at what passes.
    if (!("uri" in task.credentials)) throw new Error("Expected a uri for the peer.");
    const program = startProgram({
      file: join(tools, "mongodump"), args: [`--uri=${task.credentials.uri}`, `--db=${database}`, "--archive"], env: toolsEnvironment(tools), redact: (text) => text,
    });
    await pipeline(Readable.from(gzip(program.output)), createWriteStream(join(folder, "peer.gz")));
    break;
  }
  case "decode": {
    const { object } = await newest();
    await decodeOf(settings)(place.store.read(object.key, object.versionId, never), never);
    break;
  }
  case "restore": {
    const { object, ...backup } = await newest();
    const target = await targetOf(settings)(never);
    try {
      await target.prove("scratch", backup);
      await target.load(place.store.read(object.key, object.versionId, never));
      await target.contents();
    } finally {
      await target.close();
    }
    break;
  }
}
console.log(JSON.stringify({ seconds: (performance.now() - began) / 1000 }));
