import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, normalize } from "node:path";
import { unzipSync } from "fflate";
import type { Progress } from "../parts/part.ts";
import { type Checksum, checksumOf } from "./checksum.ts";
import { type Architecture, BIN, PROGRAMS, VERSIONS_FILE } from "./contents.ts";
import { download } from "./download.ts";
import { portabilityProblem } from "./portable.ts";
import { readVersions } from "./versions.ts";

export interface Prebuilt {
  /** A file, or an address that begins with https://. */
  readonly from: string;
  readonly sha256: Checksum;
  readonly architecture: Architecture;
}

/** Fetches a layer that somebody built, checks that it is the one that was meant, and unpacks it into an empty folder. Gives the zip. */
export async function takePrebuilt({ from, sha256, architecture }: Prebuilt, root: string, progress: Progress): Promise<Uint8Array> {
  const scratch = mkdtempSync(join(tmpdir(), "upkeep-layer-"));
  try {
    const file = join(scratch, "layer.zip");
    progress(`fetching ${from}`);
    await bring(from, file);
    const found = await checksumOf(file);
    if (found !== sha256) throw new Error(`Expected ${from} to have the SHA-256 ${sha256}, got ${found}: it is not the layer that was pinned, and nothing of it was kept.`);
    progress("unpacking");
    const zip = readFileSync(file);
    unpackZip(zip, root);
    check(root, from, architecture);
    return zip;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function bring(from: string, file: string): Promise<void> {
  if (from.startsWith("https://")) return download(from, file);
  if (/^[a-z]+:\/\//.test(from)) throw new Error(`Expected a file or an address that begins with https://, got ${from}.`);
  if (!existsSync(from)) throw new Error(`Expected a layer's zip in ${from}, there is no such file.`);
  cpSync(from, file);
}

function unpackZip(zip: Uint8Array, root: string): void {
  for (const [name, content] of Object.entries(unzipSync(zip))) {
    if (name.endsWith("/")) continue;
    if (name.startsWith("/") || normalize(name).startsWith("..")) throw new Error(`Expected files inside the layer's folder, got ${name}: this zip is not to be trusted.`);
    const file = join(root, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    if (name.startsWith(`${BIN}/`)) chmodSync(file, 0o755);
  }
}

function check(root: string, from: string, architecture: Architecture): void {
  const missing = [...PROGRAMS.map((name) => `${BIN}/${name}`), VERSIONS_FILE].filter((name) => !existsSync(join(root, name)));
  if (missing.length > 0) throw new Error(`Expected all programs in ${from}, it lacks ${missing.join(", ")}: build a complete one with \`npm run tools\`.`);
  const said = readVersions(root).architecture;
  if (said !== architecture) throw new Error(`Expected a layer for ${architecture}, ${from} is for ${said}.`);
  for (const name of PROGRAMS) {
    const problem = portabilityProblem(join(root, BIN, name), name);
    if (problem !== undefined) throw new Error(problem);
  }
}
