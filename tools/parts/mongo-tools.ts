import { goPart } from "./go-part.ts";

/** The official client programs, July 2025, without the signed download: their module is public and its sums are pinned. */
export const mongoTools = goPart({
  name: "mongo-tools",
  version: "mongodump, mongorestore 2025-07-15",
  neededBy: "backup and restore of MongoDB",
  consequence: "no test dumps a MongoDB database",
  module: "mongo-tools",
  programs: {
    mongodump: "github.com/mongodb/mongo-tools/mongodump/main",
    mongorestore: "github.com/mongodb/mongo-tools/mongorestore/main",
  },
});
