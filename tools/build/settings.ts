import type { BuildOptions } from "esbuild";

/** What every bundle has in common. Without a source map the text does not depend on the folder it is built in. */
export const common = {
  bundle: true,
  write: false,
  platform: "node",
  // The oldest Node.js that works; Lambda's is newer.
  target: "node20",
  sourcemap: false,
  // Whose code a bundle holds stands beside it.
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
} as const satisfies BuildOptions;
