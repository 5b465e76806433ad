import { writeFile } from "node:fs/promises";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import type { Bucket } from "../../../handlers/store/s3/objects.ts";

/** Fetches a stored object as a person would, byte by byte as it lies there. */
export async function fetchTo(file: string, { s3, name }: Bucket, key: string): Promise<void> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: name, Key: key }));
  if (Body === undefined) throw new Error(`Expected ${key} to have a body.`);
  await writeFile(file, await Body.transformToByteArray());
}
