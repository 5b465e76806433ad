import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { Bucket } from "../../handlers/store/s3/objects.ts";
import type { Store } from "../../handlers/store/store.ts";
import { folderStore } from "../../handlers/store/folder/folder-store.ts";
import { sentence } from "../../practice/config/problems.ts";
import { Misused } from "./misused.ts";

/** Seconds a connection to AWS may take: whoever waits before a terminal would rather read that nobody answers. */
const CONNECT_MILLISECONDS = 5_000;

/**
 * The store that `--store` names: a folder, or `s3://bucket` with the credentials that AWS' SDK finds.
 * @param mustExist Whether a folder that is not there is a mistake: only a backup makes one.
 */
export async function openStore(text: string, environment: Readonly<Record<string, string | undefined>>, mustExist: boolean): Promise<Store> {
  const bucket = bucketNamed(text);
  if (bucket !== undefined) return bucketStore(bucket, environment);
  if (text.includes("://")) throw new Misused(sentence("--store to be a folder or a bucket", "another address", "write it as `--store ./backups` or `--store s3://bucket`, without a folder in the bucket"));
  const stats = statSync(resolve(text), { throwIfNoEntry: false });
  if (stats === undefined && mustExist) throw new Misused(sentence("a folder with backups after `--store`", `${text}, which is not there`, "look for a typing error, or take a backup first: `upkeep backup --help`"));
  if (stats !== undefined && !stats.isDirectory()) throw new Misused(sentence("a folder after `--store`", `${text}, which is a file`, "name the folder that the store is"));
  return folderStore(text);
}

/** The bucket of `s3://bucket`; undefined for any other text. */
export const bucketNamed = (text: string): string | undefined => /^s3:\/\/([a-z0-9][a-z0-9.-]*)\/?$/.exec(text)?.[1];

async function bucketStore(name: string, environment: Readonly<Record<string, string | undefined>>): Promise<Store> {
  const [{ s3Store }, bucket] = await Promise.all([import("../../handlers/store/s3/s3-store.ts"), bucketAt(name, environment)]);
  return s3Store(bucket);
}

/** A bucket with the credentials that AWS' SDK finds. */
export async function bucketAt(name: string, environment: Readonly<Record<string, string | undefined>>): Promise<Bucket> {
  const [{ S3Client }, { s3Settings }] = await Promise.all([import("@aws-sdk/client-s3"), import("../../handlers/runtime/clients.ts")]);
  const settings = s3Settings(environment);
  const s3 = new S3Client({
    ...settings, followRegionRedirects: true, requestHandler: { ...settings.requestHandler, connectionTimeout: CONNECT_MILLISECONDS },
  });
  await expectAnswered(name, s3.config.region, "a region", "write `export AWS_REGION=eu-central-1`, or name a profile that has one: AWS_PROFILE");
  await expectAnswered(name, s3.config.credentials, "credentials", "log in as for the AWS CLI (`aws sts get-caller-identity` shows who you are), or name a profile: AWS_PROFILE");
  return { name, s3 };
}

/** What the SDK looks for in variables, files and the machine's role; its own words do not say what to do. */
async function expectAnswered(bucket: string, ask: () => Promise<unknown>, what: string, wayOut: string): Promise<void> {
  try {
    await ask();
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new Error(sentence(`${what} for s3://${bucket}`, `none (${said.replace(/\.$/, "")})`, wayOut), { cause: error });
  }
}
