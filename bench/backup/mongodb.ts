import { MongoClient } from "mongodb";
import { programFolder } from "../../tools/parts/programs.ts";
import { startMongo } from "../../test/support/servers/mongodb.ts";
import type { Figures } from "../benchmark.ts";
import { rounded } from "../measure/statistics.ts";
import type { Task } from "./task.ts";
import { best, inFolder, type Timed, type Timer } from "./timed.ts";

const DOCUMENTS = 150_000;
const BATCH = 5_000;

export interface MongodbFigures extends Figures {
  readonly ratio: number;
  readonly peakMegabytes: number;
}

/** The whole path beside the same program into the same compressor, from a server that speaks MongoDB's protocol. */
export async function measureMongodb(runs: number, timed: Timer): Promise<MongodbFigures> {
  const server = await startMongo();
  try {
    const uri = `${server.uri}&tls=false`;
    await fill(uri);
    const tools = programFolder("mongo-tools");
    const task = (what: Task["what"], folder: string): Task => ({ what, folder, tools, content: "full", database: "bench", engine: "mongodb", sizeGiB: 1, credentials: { uri } });
    const [bares, paths]: [Timed[], Timed[]] = [[], []];
    for (let count = 0; count < runs; count += 1) {
      bares.push(await inFolder((folder) => timed(task("compressed", folder))));
      paths.push(await inFolder((folder) => timed(task("backup", folder))));
    }
    const [bare, path] = [best(bares), best(paths)];
    return {
      ratio: rounded(bare.seconds / path.seconds), peakMegabytes: rounded(path.peakMegabytes, 0),
      bareSeconds: rounded(bare.seconds, 1), seconds: rounded(path.seconds, 1), documents: DOCUMENTS,
    };
  } finally {
    await server.stop();
  }
}

async function fill(uri: string): Promise<void> {
  const client = new MongoClient(uri);
  try {
    const orders = client.db("bench").collection<{ _id: number; customer: string; note: string }>("orders");
    for (let from = 0; from < DOCUMENTS; from += BATCH) {
      await orders.insertMany(Array.from({ length: BATCH }, (_, index) => ({ _id: from + index, customer: `customer ${(from + index) % 977}`, note: "a note on an order. ".repeat(45) })));
    }
  } finally {
    await client.close();
  }
}
