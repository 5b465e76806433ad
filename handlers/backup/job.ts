import * as z from "zod/mini";
import { type Content, contentChoices } from "../../practice/contract/content.ts";
import { backupEnvironment } from "../../practice/contract/environment.ts";
import type { ExportedTable } from "../../practice/contract/exported.ts";
import { type BackupEngine, backupEngines } from "../../practice/contract/manifest.ts";
import { readEnvironment } from "../runtime/environment.ts";
import { readScheduledTime } from "../runtime/scheduled-time.ts";
import type { BackupJob } from "./run.ts";

/** What the environment says of a backup function. */
export interface BackupSetup {
  readonly bucket: string;
  /** Empty: there is none. */
  readonly secret: string;
  readonly host?: string;
  readonly port?: number;
  readonly job: Omit<BackupJob, "scheduledAt">;
}

/** Files have none; a repository has none where it is public. */
const withoutSecret: readonly string[] = ["files", "repository"] satisfies BackupEngine[];

export function readSetup(env: Readonly<Record<string, string | undefined>>): BackupSetup {
  const needsSecret = !withoutSecret.includes(env[backupEnvironment.engine] ?? "");
  const read = readEnvironment(backupEnvironment, env, [...(needsSecret ? [] : ["secret" as const]), "host", "port", "exports", "content"]);
  const { bucket, secret, system, stack, source, database } = read;
  return {
    bucket,
    secret,
    ...(read.host === "" ? {} : { host: read.host }),
    ...(read.port === "" ? {} : { port: expectNumber(backupEnvironment.port, read.port) }),
    job: { system, stack, source, database, engine: expectEngine(read.engine), sizeGiB: expectNumber(backupEnvironment.sizeGiB, read.sizeGiB), ...(read.exports === "" ? {} : { exports: expectTables(read.exports) }), ...(read.content === "" ? {} : { content: expectContent(read.content) }) },
  };
}

export function scheduledAtFrom(event: unknown): Date {
  return readScheduledTime(typeof event === "object" && event !== null && "scheduledTime" in event ? event.scheduledTime : undefined, "the event's scheduledTime");
}

export function expectEngine(text: string): BackupEngine {
  const engine = backupEngines.find((known) => known === text);
  if (engine === undefined) throw new Error(`Expected ${backupEnvironment.engine} to be one of ${backupEngines.join(", ")}, it is ${text}.`);
  return engine;
}

export function expectContent(text: string): Content {
  const content = contentChoices.find((known) => known === text);
  if (content === undefined) throw new Error(`Expected ${backupEnvironment.content} to be one of ${contentChoices.join(", ")}, it is ${text}.`);
  return content;
}

export function expectNumber(variable: string, text: string): number {
  const number = Number(text);
  if (Number.isFinite(number) && number > 0) return number;
  throw new Error(`Expected ${variable} to be a number above 0, it is ${text}.`);
}

const tables = z.array(z.strictObject({ name: z.string().check(z.minLength(1)), columns: z.exactOptional(z.array(z.string())) })).check(z.minLength(1));

function expectTables(json: string): readonly ExportedTable[] {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new Error(`Expected ${backupEnvironment.exports} to be JSON, it is not.`, { cause: error });
  }
  const result = tables.safeParse(value);
  if (result.success) return result.data;
  throw new Error(`Expected ${backupEnvironment.exports} to be a list such as [{"name":"public.users"}], it is not.`, { cause: result.error });
}
