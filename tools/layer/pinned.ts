import { readFileSync } from "node:fs";
import type { Checksum } from "./checksum.ts";
import type { Architecture } from "./contents.ts";

/** SHA-256 of the released layer of each architecture. The release workflow prints the line; a person commits it. */
const FILE = new URL("pinned.json", import.meta.url);

export const pinnedChecksum = (architecture: Architecture): Checksum | undefined =>
  (JSON.parse(readFileSync(FILE, "utf8")) as Readonly<Partial<Record<Architecture, Checksum>>>)[architecture];
