import { randomBytes } from "node:crypto";
import { MongoClient } from "mongodb";
import type { BackupJob } from "../../../handlers/backup/run.ts";
import type { OpenDump } from "../../../handlers/engines/dump.ts";
import { openFilesDump } from "../../../handlers/engines/files/dump.ts";
import { openMongodbDump } from "../../../handlers/engines/mongodb/dump.ts";
import { openPostgresqlDump } from "../../../handlers/engines/postgresql/dump.ts";
import { openRedisDump } from "../../../handlers/engines/redis/dump.ts";
import type { PartName } from "../../../tools/parts/part.ts";
import { programFolder } from "../parts.ts";
import { startMongo } from "../servers/mongodb.ts";
import { startPostgres } from "../servers/postgresql.ts";
import { startRedis } from "../servers/redis.ts";
import type { S3Server } from "../servers/s3.ts";
import { databaseOf } from "./postgresql-source.ts";
import { accessTo } from "./redis-dumps.ts";
import { makeStore } from "./test-store.ts";

/** A real source with something in it, and the real way to dump it. */
export interface DumpedSource {
  readonly job: Pick<BackupJob, "source" | "engine" | "database">;
  readonly openDump: OpenDump;
  /** The same for a function: what its secret says, and where its programs are. Absent where it needs neither. */
  readonly asFunction?: { readonly secret: object; readonly tools: string };
  /** What no output may show. */
  readonly secrets: readonly string[];
  readonly stop: () => Promise<void>;
}

export const dumpedEngines = ["postgresql", "mongodb", "redis", "files"] as const;

export type DumpedEngine = (typeof dumpedEngines)[number];

export const partsOf: Readonly<Record<DumpedEngine, readonly PartName[]>> = {
  postgresql: ["postgresql", "s3"], mongodb: ["mongodb", "mongo-tools", "s3"], redis: ["redis", "s3"], files: ["s3"],
};

/** More than one part of an upload, so that an upload can end between two of them. */
const UPLOADED_FILE_BYTES = 17 * 1024 * 1024;

export const startSource: Readonly<Record<DumpedEngine, (s3: S3Server) => Promise<DumpedSource>>> = {
  postgresql: async () => {
    const server = await startPostgres();
    await server.sql("create table users as select id, md5(id::text) as name from generate_series(1, 5000) as id");
    return {
      job: { source: "accounts", engine: "postgresql", database: server.database },
      openDump: (signal) => openPostgresqlDump(databaseOf(server), "full", signal), secrets: [server.password], stop: server.stop,
      asFunction: { secret: databaseOf(server).credentials, tools: programFolder("postgresql") },
    };
  },
  mongodb: async () => {
    const server = await startMongo();
    const client = await new MongoClient(server.uri).connect();
    await client.db("shop").collection("courses").insertMany(Array.from({ length: 500 }, (_, number) => ({ number, text: randomBytes(100).toString("hex") })));
    await client.close();
    return {
      job: { source: "catalogue", engine: "mongodb", database: "shop" },
      openDump: (signal) => openMongodbDump({ credentials: { uri: `${server.uri}&tls=false` }, database: "shop", tools: programFolder("mongo-tools") }, signal),
      secrets: [server.password], stop: server.stop, asFunction: { secret: { uri: `${server.uri}&tls=false` }, tools: programFolder("mongo-tools") },
    };
  },
  redis: async () => {
    const server = await startRedis();
    await server.command("EVAL", "for i = 1, 500 do redis.call('SET', 'k' .. i, redis.sha1hex(i)) end", "0");
    return {
      job: { source: "sessions", engine: "redis", database: "0" },
      openDump: (signal) => openRedisDump({ ...accessTo(server), database: "0" }, signal), secrets: [server.password], stop: server.stop,
      asFunction: { secret: { ...accessTo(server).credentials, port: server.port }, tools: programFolder("redis") },
    };
  },
  files: async (s3) => {
    const uploads = await makeStore(s3);
    await uploads.put("a.txt", "text");
    await uploads.put("large", randomBytes(UPLOADED_FILE_BYTES));
    return {
      job: { source: "uploads", engine: "files", database: uploads.name },
      openDump: (signal) => Promise.resolve(openFilesDump(uploads, signal)), secrets: [], stop: () => Promise.resolve(),
    };
  },
};
