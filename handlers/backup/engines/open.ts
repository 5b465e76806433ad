import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { S3Client } from "@aws-sdk/client-s3";
import type { BackupJob } from "../run.ts";
import type { OpenDump } from "../dump.ts";
import { readCredentials } from "../secret.ts";
import { openFilesDump } from "./files.ts";
import { openMongodbDump } from "./mongodb.ts";
import { openPostgresqlDump } from "./postgresql.ts";

export interface EngineSettings {
  readonly secrets: SecretsManagerClient;
  /** Reads the bucket to copy. */
  readonly s3: S3Client;
  /** Name of the secret; empty for `files`. */
  readonly secret: string;
  /** Host and port from the stack file, used where the secret names none. */
  readonly host?: string;
  readonly port?: number;
  /** Folder with the database programs. */
  readonly tools: string;
}

const POSTGRESQL_PORT = 5432;

/** The way each engine dumps. */
export function dumpOf({ engine, database }: Pick<BackupJob, "engine" | "database">, { secrets, s3, secret, host, port, tools }: EngineSettings): OpenDump {
  switch (engine) {
    case "postgresql":
      return async (signal) => {
        const credentials = await readCredentials(secrets, { name: secret, host }, signal);
        if ("uri" in credentials) throw new Error(`Expected the secret ${secret} to hold username, password and host, a uri is for MongoDB only.`);
        return openPostgresqlDump({ credentials, database, tools, defaultPort: port ?? POSTGRESQL_PORT }, signal);
      };
    case "mongodb":
      return async (signal) => {
        const credentials = await readCredentials(secrets, { name: secret, host }, signal);
        return openMongodbDump({ credentials, database, tools, ...(port === undefined ? {} : { defaultPort: port }) }, signal);
      };
    case "files":
      return (signal) => Promise.resolve(openFilesDump({ s3, name: database }, signal));
  }
}
