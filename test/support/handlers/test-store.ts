import { randomUUID } from "node:crypto";
import {
  CreateBucketCommand, GetObjectTaggingCommand, ListMultipartUploadsCommand, PutBucketVersioningCommand, PutObjectCommand, S3Client,
} from "@aws-sdk/client-s3";
import type { Bucket } from "../../../handlers/store/s3/objects.ts";
import { s3Store } from "../../../handlers/store/s3/s3-store.ts";
import type { Store } from "../../../handlers/store/store.ts";
import { withoutSecrets } from "../secrets.ts";
import type { S3Server } from "../servers/s3.ts";

/** A bucket of the emulator, and what a test wants to know of it. */
export interface TestStore extends Bucket, Store {
  readonly put: (key: string, body: string | Uint8Array) => Promise<void>;
  readonly keys: () => Promise<readonly string[]>;
  readonly text: (key: string) => Promise<string>;
  readonly tags: (key: string) => Promise<Readonly<Record<string, string>>>;
  /** Keys of uploads that were begun and neither finished nor taken back. */
  readonly unfinished: () => Promise<readonly string[]>;
}

/** How to reach the emulator with any AWS client. `endpoint`: a proxy in front of it. */
export const settingsOf = (server: S3Server, endpoint = server.endpoint) =>
  ({ endpoint, region: server.region, credentials: server.credentials, forcePathStyle: true }) as const;

/** A new, versioned, empty bucket. */
export async function makeStore(server: S3Server): Promise<TestStore> {
  const s3 = new S3Client(settingsOf(server));
  refuseStoredSecrets(s3);
  const name = `store-${randomUUID()}`;
  await s3.send(new CreateBucketCommand({ Bucket: name }));
  await s3.send(new PutBucketVersioningCommand({ Bucket: name, VersioningConfiguration: { Status: "Enabled" } }));
  return storeIn(s3, name);
}

/** Manifests, evidence and whatever else is written as text holds no password. */
const refuseStoredSecrets = ({ middlewareStack }: S3Client): void =>
  middlewareStack.add((next) => (args) => {
    const { Key, Body } = args.input as { readonly Key?: string; readonly Body?: unknown };
    if (typeof Body === "string") withoutSecrets(`what is stored as ${Key}`, Body);
    return next(args);
  }, { step: "initialize" });

/** A bucket that is there. */
export function storeIn(s3: S3Client, name: string): TestStore {
  const store = s3Store({ s3, name });
  return {
    ...store,
    s3,
    put: async (key, body) => {
      await s3.send(new PutObjectCommand({ Bucket: name, Key: key, Body: body, ChecksumAlgorithm: "CRC32" }));
    },
    keys: async () => {
      const keys: string[] = [];
      for await (const { key } of store.list("")) keys.push(key);
      return keys;
    },
    text: store.readText,
    tags: async (key) => {
      const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket: name, Key: key }));
      return Object.fromEntries((TagSet ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
    },
    unfinished: async () => {
      const { Uploads } = await s3.send(new ListMultipartUploadsCommand({ Bucket: name }));
      return (Uploads ?? []).map(({ Key }) => Key ?? "");
    },
  };
}
