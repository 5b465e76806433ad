import { S3Client } from "@aws-sdk/client-s3";
import { s3Settings } from "../runtime/clients.ts";
import type { Bucket } from "./objects.ts";

/** The store's copy, with a client of its region; nothing where the environment names none. */
export const replicaOf = (
  { replicaBucket, replicaRegion }: { readonly replicaBucket: string; readonly replicaRegion: string },
  env: Readonly<Record<string, string | undefined>>,
): { readonly replica?: Bucket } =>
  (replicaBucket === "" ? {} : { replica: { s3: new S3Client({ ...s3Settings(env), region: replicaRegion }), name: replicaBucket } });
