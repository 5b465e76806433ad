/** Programs of the layer; a zip that lacks one of them is no layer of ours. */
export const PROGRAMS = ["mongodump", "mongorestore", "pg_dump", "pg_restore", "psql", "redis-check-rdb", "redis-cli"] as const;
export type ProgramName = (typeof PROGRAMS)[number];

export const BIN = "bin";
/** What a layer says of itself, beside what other layers put into the same /opt. */
export const SHARE = "share/upkeep-tools";
export const VERSIONS_FILE = `${SHARE}/versions.json`;
export const LICENCES = `${SHARE}/licences`;

/** What Lambda calls the processor, by Node's name for it. */
export const architectures = { x64: "x86_64", arm64: "arm64" } as const;
export type Architecture = (typeof architectures)[keyof typeof architectures];

export function ownArchitecture(): Architecture {
  const own = Object.entries(architectures).find(([node]) => node === process.arch)?.[1];
  if (own === undefined) throw new Error(`Expected a processor that Lambda offers (${Object.keys(architectures).join(", ")}), got ${process.arch}: build the layer on another machine.`);
  return own;
}

export const zipName = (architecture: Architecture): string => `layer-${architecture}.zip`;
