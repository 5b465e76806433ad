import * as z from "zod/mini";
import { backupEngines, type BackupManifest } from "../../practice/contract/manifest.ts";
import { runners } from "../../practice/contract/runner.ts";
import { runIdOf, runPrefix } from "../../practice/contract/store.ts";

const text = z.string().check(z.minLength(1));
const size = z.int().check(z.nonnegative());
const instant = z.iso.datetime();

/** `corrupted`: not what its manifest says. `missing`: a part is gone. `dated-ahead`: of a time that has not come, by one of two clocks. */
export type BackupFault = "corrupted" | "missing" | "dated-ahead";

/** What lies where a backup should, and is none. The store answered: to look again would show the same. */
export class NotABackup extends Error {
  override readonly name = "NotABackup";
  readonly fault: BackupFault;

  /** @param options.fault Default: corrupted. */
  constructor(message: string, { fault = "corrupted", ...options }: ErrorOptions & { readonly fault?: BackupFault } = {}) {
    super(message, options);
    this.fault = fault;
  }
}

/** The shape of `BackupManifest`. Keys that a later version adds are let through. */
const manifestShape: z.ZodMiniType<BackupManifest> = z.looseObject({
  version: z.literal(1),
  system: text,
  stack: text,
  source: text,
  engine: z.enum(backupEngines),
  database: text,
  runId: text,
  scheduledAt: instant,
  startedAt: instant,
  finishedAt: instant,
  attempt: text,
  object: z.looseObject({ key: text, versionId: z.string(), bytes: size, sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)), crc32: text }),
  consistency: text,
  tool: text,
  serverVersion: text,
  server: z.exactOptional(z.looseObject({ address: text, id: z.exactOptional(text) })),
  counts: z.exactOptional(z.record(z.string(), size)),
  hashes: z.exactOptional(z.record(z.string(), text)),
  hashedBy: z.exactOptional(text),
  extensions: z.exactOptional(z.record(z.string(), text)),
  roles: z.exactOptional(z.array(text)),
  dumpBytes: size,
  durationMilliseconds: z.number().check(z.nonnegative()),
  runner: z.exactOptional(z.enum(runners)),
  inventory: z.exactOptional(z.looseObject({
    objects: size, bytes: size, sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)), copiedObjects: size, copiedBytes: size, vanishedObjects: size,
  })),
  restoreCommand: text,
});

/** Where a manifest was found: it has to speak of just that. */
export interface ManifestPlace {
  readonly system: string;
  readonly stack: string;
  readonly source: string;
  /** Key of the manifest. */
  readonly key: string;
}

/** Throws when the text is no manifest, or one of another system, source, run or dump. */
export function parseManifest(json: string, place: ManifestPlace): BackupManifest {
  const manifest = readShape(json, place.key);
  const folder = place.key.slice(0, place.key.lastIndexOf("/") + 1);
  const scheduledAt = new Date(manifest.scheduledAt);
  expectSame(place, "system", manifest.system, place.system);
  expectSame(place, "stack", manifest.stack, place.stack);
  expectSame(place, "source", manifest.source, place.source);
  expectSame(place, "runId", manifest.runId, runIdOf(scheduledAt));
  expectSame(place, "folder", folder, runPrefix(manifest.system, manifest.source, scheduledAt));
  if (!manifest.object.key.startsWith(`${folder}${manifest.attempt}.`)) {
    throw new NotABackup(`Expected the manifest ${place.key} to name the dump of its own attempt ${manifest.attempt}, it names ${manifest.object.key}.`);
  }
  return manifest;
}

function readShape(json: string, key: string): BackupManifest {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new NotABackup(`Expected ${key} to be JSON, it is not (${json.length} characters).`, { cause: error });
  }
  const result = manifestShape.safeParse(value);
  if (result.success) return result.data;
  const wrong = result.error.issues.map(({ path, code }) => `${path.length === 0 ? "the whole" : path.join(".")} (${code})`);
  throw new NotABackup(`Expected ${key} to be a backup manifest of version 1, these parts of it are wrong: ${wrong.join(", ")}.`);
}

function expectSame({ key }: ManifestPlace, what: string, came: string, expected: string): void {
  if (came !== expected) throw new NotABackup(`Expected the manifest ${key} to have the ${what} ${expected}, it has ${came}.`);
}
