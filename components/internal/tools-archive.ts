import { existsSync } from "node:fs";
import { join } from "node:path";
import { asset, runtime } from "@pulumi/pulumi";
import type { ToolsLayerEntry } from "../../practice/plan/entries.ts";

type Architecture = ToolsLayerEntry["architecture"];

export interface ToolsArchive<Form extends asset.Asset | asset.Archive = asset.Archive> {
  readonly code: Form;
  /** False in a preview on a machine that has not built the layer. */
  readonly isBuilt: boolean;
}

class MissingTools extends Error {
  override readonly name = "MissingTools";
  /** By this mark Pulumi prints the message alone. */
  readonly __pulumiRunError = true;

  constructor(message: string) {
    super(message);
    // Pulumi prints and colours a stack for half a minute, and the place in our files helps nobody.
    this.stack = message;
  }
}

/** Where the program that is deployed runs: its own folder. Relative, so that the same layer has the same state on every machine. */
const place = (architecture: Architecture): string => join(".tools", `layer-${architecture}.zip`);

/** The zip that `npm run tools` leaves. A preview does without; a deployment is refused, before anything was changed. */
export function toolsArchive(architecture: Architecture): ToolsArchive {
  const file = builtTools(architecture);
  return file === undefined
    ? { code: new asset.AssetArchive({ "not-built": new asset.StringAsset(WAY_OUT) }), isBuilt: false }
    : { code: new asset.FileArchive(file), isBuilt: true };
}

/** The same, to be stored as it is. */
export function toolsFile(architecture: Architecture): ToolsArchive<asset.Asset> {
  const file = builtTools(architecture);
  return file === undefined ? { code: new asset.StringAsset(WAY_OUT), isBuilt: false } : { code: new asset.FileAsset(file), isBuilt: true };
}

const WAY_OUT = "npm run tools builds it";

/** Path of the zip. Absent in a preview on a machine that has not built it. */
export function builtTools(architecture: Architecture): string | undefined {
  const file = place(architecture);
  if (existsSync(file)) return file;
  if (runtime.isDryRun()) return undefined;
  throw new MissingTools(`Expected the layer of database programs in ${file}, there is none: run \`npm run tools\` once, or, in a stack without tasks, name a layer that is published in upkeep:system.toolsLayer.`);
}
