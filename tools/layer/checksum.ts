import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";

/** SHA-256 as 64 hexadecimal digits. */
export type Checksum = string;

export const isChecksum = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

export async function checksumOf(file: string): Promise<Checksum> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
