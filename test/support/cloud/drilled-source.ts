import { MongoClient } from "mongodb";
import { openMongodbDump } from "../../../handlers/engines/mongodb/dump.ts";
import type { OpenDump } from "../../../handlers/engines/dump.ts";
import { openPostgresqlDump } from "../../../handlers/engines/postgresql/dump.ts";
import { openRedisDump } from "../../../handlers/engines/redis/dump.ts";
import type { DrillEngine } from "../../../practice/contract/scratch.ts";
import { databaseOf } from "../handlers/postgresql-source.ts";
import { fillRedis } from "../handlers/redis-data.ts";
import { accessTo } from "../handlers/redis-dumps.ts";
import { programFolder, programPath } from "../parts.ts";
import { startJavaMongo } from "../servers/mongodb-java.ts";
import { startPostgres } from "../servers/postgresql.ts";
import { startRedis } from "../servers/redis.ts";

/** A database in production, with something in it, and what restores it. */
export interface DrilledSource {
  readonly source: string;
  readonly database: string;
  /** With programs of another folder: those of the suite, or some that lie. */
  readonly openDump: (tools?: string) => OpenDump;
  /** Paths of the programs that its restore starts, the one that restores first. */
  readonly programs: Readonly<Record<string, string>>;
  readonly stop: () => Promise<void>;
}

/** 1,000 rows, or documents; of a Redis what it is filled with. */
export const drilledSources: Readonly<Record<DrillEngine, () => Promise<DrilledSource>>> = {
  postgresql: async () => {
    const server = await startPostgres();
    await server.sql("create database accounts");
    await server.sql("create table users as select g as id, 'user ' || g as name from generate_series(1, 1000) g; create table orders as select generate_series(1, 10) as id", "accounts");
    return {
      source: "accounts", database: "accounts", stop: server.stop,
      openDump: (tools = programFolder("postgresql")) => (stop) => openPostgresqlDump({ ...databaseOf(server, "accounts"), tools }, "full", stop),
      programs: { pg_restore: programPath("postgresql", "pg_restore"), psql: programPath("postgresql", "psql") },
    };
  },
  mongodb: async () => {
    const server = await startJavaMongo();
    const client = await new MongoClient(server.uri).connect();
    await client.db("catalogue").collection("courses").insertMany(Array.from({ length: 1_000 }, (_, number) => ({ number })));
    await client.close();
    return {
      source: "catalogue", database: "catalogue", stop: server.stop,
      openDump: (tools = programFolder("mongo-tools")) => (stop) => openMongodbDump({ credentials: { uri: server.uri }, database: "catalogue", tools }, stop),
      programs: Object.fromEntries(["mongorestore", "mongodump"].map((program) => [program, programPath("mongo-tools", program)])),
    };
  },
  redis: async () => {
    const server = await startRedis();
    await fillRedis(server);
    return {
      source: "sessions", database: "0", stop: server.stop,
      openDump: (tools = programFolder("redis")) => (stop) => openRedisDump({ ...accessTo(server), database: "0", tools }, stop),
      programs: Object.fromEntries(["redis-cli", "redis-check-rdb"].map((program) => [program, programPath("redis", program)])),
    };
  },
};
