import { existsSync } from "node:fs";
import { join } from "node:path";
import { asset, runtime } from "@pulumi/pulumi";
import type { ToolsLayerEntry } from "../../practice/plan/entries.ts";

type Architecture = ToolsLayerEntry["architecture"];

export interface ToolsArchive {
  readonly code: asset.Archive;
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
  const file = place(architecture);
  if (existsSync(file)) return { code: new asset.FileArchive(file), isBuilt: true };
  if (!runtime.isDryRun()) {
    throw new MissingTools(`Expected the layer of database programs in ${file}, there is none: run \`npm run tools\` once, or name a layer that is published in upkeep:system.toolsLayer.`);
  }
  return { code: new asset.AssetArchive({ "not-built": new asset.StringAsset("npm run tools builds it") }), isBuilt: false };
}
