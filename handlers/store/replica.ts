import { S3Client } from "@aws-sdk/client-s3";
import { s3Settings } from "../runtime/clients.ts";
import { s3Store } from "./s3/s3-store.ts";
import type { Store } from "./store.ts";

/** The store's copy, with a client of its region; nothing where the environment names none. */
export const replicaOf = (
  { replicaBucket, replicaRegion }: { readonly replicaBucket: string; readonly replicaRegion: string },
  env: Readonly<Record<string, string | undefined>>,
): { readonly replica?: Store } =>
  (replicaBucket === "" ? {} : { replica: s3Store({ s3: new S3Client({ ...s3Settings(env), region: replicaRegion }), name: replicaBucket }) });
