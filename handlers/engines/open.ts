import type { S3Client } from "@aws-sdk/client-s3";
import type { ExportedTable } from "../../practice/contract/exported.ts";
import type { BackupEngine } from "../../practice/contract/manifest.ts";
import type { Credentials, OwnAccess, UserCredentials } from "./credentials.ts";
import type { Decode } from "./decode.ts";
import type { Content, OpenDump } from "./dump.ts";
import { decodeConfiguration } from "./configuration/decode.ts";
import { decodeExport } from "./export/decode.ts";
import { openMongodbExport } from "./export/mongodb.ts";
import { openPostgresqlExport } from "./export/postgresql.ts";
import { decodeFiles } from "./files/decode.ts";
import { openFilesDump } from "./files/dump.ts";
import { openFolderDump } from "./files/folder/dump.ts";
import { decodeMongodb } from "./mongodb/decode.ts";
import { openMongodbDump } from "./mongodb/dump.ts";
import { openMongodbTarget } from "./mongodb/restore.ts";
import { decodePostgresql } from "./postgresql/decode.ts";
import { openPostgresqlDump } from "./postgresql/dump.ts";
import { openPostgresqlTarget } from "./postgresql/restore.ts";
import { decodeRepository } from "./repository/decode.ts";
import { openRepositoryDump } from "./repository/dump.ts";
import type { RepositoryAccess } from "./repository/git-server.ts";
import { decodeRedis } from "./redis/decode.ts";
import { openRedisDump } from "./redis/dump.ts";
import { openRedisTarget } from "./redis/restore.ts";
import type { OpenTarget } from "./restore.ts";

export interface EngineSettings {
  readonly engine: BackupEngine;
  /** Database name; for `files` the bucket to copy, or the absolute path of a folder of this machine; or where a repository is cloned from. */
  readonly database: string;
  /** How to get in; never asked for files or a repository. */
  readonly credentials: (signal: AbortSignal) => Promise<Credentials | OwnAccess>;
  /** How to get into a repository; asked for by `repository` alone. Default: it is public. */
  readonly access?: (signal: AbortSignal) => Promise<RepositoryAccess>;
  /** Reads the bucket to copy; asked for by `files` alone. */
  readonly s3?: S3Client;
  /** Port from the stack file, used where the credentials name none. */
  readonly port?: number;
  /** Folder with the database programs. */
  readonly tools: string;
  /** Default: full. */
  readonly content?: Content;
  /** What an export is of. */
  readonly exports?: readonly ExportedTable[];
}

const POSTGRESQL_PORT = 5432;
const REDIS_PORT = 6379;

/** The way each engine dumps. */
export function dumpOf({ engine, database, credentials, access, s3, port, tools, content = "full", exports = [] }: EngineSettings): OpenDump {
  switch (engine) {
    case "postgresql":
      return async (signal) => openPostgresqlDump({
        credentials: expectUser(await credentials(signal)), database, tools, defaultPort: port ?? POSTGRESQL_PORT,
      }, content, signal);
    case "mongodb":
      return async (signal) => openMongodbDump({ credentials: expectSecret(await credentials(signal)), database, tools, content, ...(port === undefined ? {} : { defaultPort: port }) }, signal);
    case "redis":
      return async (signal) => openRedisDump({
        credentials: expectPassword(await credentials(signal)), database, tools, defaultPort: port ?? REDIS_PORT, hashes: content === "full",
      }, signal);
    case "postgresql-export":
      return async (signal) => openPostgresqlExport({
        credentials: expectUser(await credentials(signal)), database, tools, defaultPort: port ?? POSTGRESQL_PORT,
      }, exports, signal);
    case "mongodb-export":
      return async (signal) => openMongodbExport({ credentials: expectSecret(await credentials(signal)), database, tools, ...(port === undefined ? {} : { defaultPort: port }) }, exports, signal);
    case "repository":
      return async (signal) => openRepositoryDump({ url: database, access: await access?.(signal) ?? {} }, signal);
    case "files":
      // No bucket's name begins with a slash.
      if (database.startsWith("/")) return (signal) => Promise.resolve(openFolderDump(database, signal));
      if (s3 === undefined) throw new Error("Expected a client for the bucket to copy, none was given.");
      return (signal) => Promise.resolve(openFilesDump({ s3, name: database }, signal));
    case "configuration":
      throw new Error("Expected a database or files to back up, a configuration is read by a function of its own.");
  }
}

/** The way into a database of each engine that a dump is to be restored into. Nothing is written before it has proved itself. */
export function targetOf({ engine, database, credentials, port, tools }: Omit<EngineSettings, "s3" | "content">): OpenTarget {
  switch (engine) {
    case "postgresql":
      return async (signal) => openPostgresqlTarget({
        credentials: expectUser(await credentials(signal)), database, tools, defaultPort: port ?? POSTGRESQL_PORT,
      }, signal);
    case "mongodb":
      return async (signal) => openMongodbTarget({ credentials: expectSecret(await credentials(signal)), database, tools, ...(port === undefined ? {} : { defaultPort: port }) }, signal);
    case "redis":
      return async (signal) => openRedisTarget({ credentials: expectPassword(await credentials(signal)), tools, defaultPort: port ?? REDIS_PORT }, signal);
    case "files":
      return () => Promise.reject(new Error("Expected an engine with a database to restore into, files are unpacked from their archive."));
    case "repository":
      return () => Promise.reject(new Error("Expected an engine with a database to restore into, a repository is cloned from its bundle: its manifest says how."));
    case "postgresql-export":
    case "mongodb-export":
      return () => Promise.reject(new Error("Expected an engine with a database to restore into, an export is read by people and other programs: its manifest says how."));
    case "configuration":
      return () => Promise.reject(new Error("Expected an engine with a database to restore into, a configuration is read by people: docs/recover.md says how to rebuild from it."));
  }
}

/** How each engine's dumps are read whole without a server. */
export function decodeOf({ engine, tools }: Pick<EngineSettings, "engine" | "tools">): Decode {
  switch (engine) {
    case "postgresql":
      return decodePostgresql(tools);
    case "mongodb":
      return decodeMongodb;
    case "redis":
      return decodeRedis;
    case "files":
      return decodeFiles;
    case "configuration":
      return decodeConfiguration;
    case "repository":
      return decodeRepository;
    case "postgresql-export":
    case "mongodb-export":
      return decodeExport;
  }
}

function expectSecret(credentials: Credentials | OwnAccess): Credentials {
  if ("environment" in credentials) throw new Error("Expected a user with a password, or a uri: what a person's own settings say serves PostgreSQL only.");
  return credentials;
}

function expectUser(credentials: Credentials | OwnAccess): UserCredentials | OwnAccess {
  if ("uri" in credentials) throw new Error("Expected the secret to hold username, password and host, a uri is for MongoDB only.");
  return credentials;
}

function expectPassword(credentials: Credentials | OwnAccess): UserCredentials {
  const known = expectSecret(credentials);
  if ("uri" in known) throw new Error("Expected the secret to hold username, password and host, a uri is for MongoDB only.");
  return known;
}
