import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { zipSync } from "fflate";
import { signature } from "../../../../preview/engine/wire.ts";

interface WireAsset {
  readonly [signature.key]: string;
  readonly path?: string;
}

/** Any date will do; without one the same code would be another archive each time. */
const DATE = new Date("2026-01-01T00:00:00Z");

/** An archive of files, as a function's code travels to AWS. Paths begin in the program's own folder. */
export function zipOf(archive: unknown, folder: string): Uint8Array {
  const { assets } = archive as { readonly assets?: Readonly<Record<string, WireAsset>> };
  if (!assets) throw new Error(`Expected the code of a function to be an archive of files, got ${JSON.stringify(archive)}.`);
  const files = Object.entries(assets).map(([name, asset]) => {
    if (asset[signature.key] !== signature.asset || asset.path === undefined) throw new Error(`Expected ${name} to be a file, got ${JSON.stringify(asset)}.`);
    return [name, readFileSync(resolve(folder, asset.path))] as const;
  });
  return zipSync(Object.fromEntries(files), { level: 1, mtime: DATE });
}
