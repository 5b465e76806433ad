import { type GoRecipe, goPart } from "./go-part.ts";

/** What go.mod pins: the release 100.12.2 and what was merged until that day. */
export const MONGO_TOOLS_VERSION = "100.12.2+20250715";
const COMMIT = "887641268977";

/** The official client programs without the signed download: their module is public and its sums are pinned. */
export const mongoToolsRecipe: GoRecipe = {
  name: "mongo-tools",
  version: `mongodump, mongorestore ${MONGO_TOOLS_VERSION}`,
  neededBy: "backup and restore of MongoDB",
  consequence: "no test dumps a MongoDB database",
  module: "mongo-tools",
  programs: {
    mongodump: "github.com/mongodb/mongo-tools/mongodump/main",
    mongorestore: "github.com/mongodb/mongo-tools/mongorestore/main",
  },
  // Manifests name the program that made a dump: without these two it would call itself built-without-version-string.
  linkerFlags: ["-X", `main.VersionStr=${MONGO_TOOLS_VERSION}`, "-X", `main.GitCommit=${COMMIT}`],
};

export const mongoTools = goPart(mongoToolsRecipe);
