import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { asset } from "@pulumi/pulumi";

export type HandlerName = "backup" | "configuration" | "copies" | "drill" | "elasticache" | "evidence" | "retention" | "verify";

const handlersFolder = join("dist", "handlers");

/** The handler's code as Lambda takes it. */
export const bundleOf = (handler: HandlerName): asset.AssetArchive => new asset.AssetArchive({ "index.mjs": bundleFile(handler) });

/** The handler's code as one file. */
export const bundleFile = (handler: HandlerName): asset.FileAsset => new asset.FileAsset(bundlePath(handler));

/** Throws when it has not been built: an empty one would be worse. */
export function bundlePath(handler: HandlerName): string {
  const file = join(packageFolder(), handlersFolder, handler, "index.mjs");
  if (!existsSync(file)) throw new Error(`Expected the bundle of the ${handler} handler in ${handlersFolder}, got none. Run npm run build.`);
  // Relative, so that the same code has the same state on every machine.
  return relative(process.cwd(), file);
}

/** The folder with our package.json, whether this runs from source, from a bundle of it or from `node_modules`. */
function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, handlersFolder)) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}
