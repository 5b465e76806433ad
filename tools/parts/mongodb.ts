import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { goPart } from "./go-part.ts";

/** Speaks MongoDB's protocol with real SCRAM users; version 2 would need a PostgreSQL extension. */
export const mongodb = goPart({
  name: "mongodb",
  version: "FerretDB 1.24.2",
  neededBy: "every suite that talks to a MongoDB server",
  consequence: "no test logs in to a MongoDB server",
  module: "ferretdb",
  programs: { ferretdb: "github.com/FerretDB/FerretDB/cmd/ferretdb" },
  // The server refuses to start without this file, which its release process writes.
  patchVendor: (vendor) => {
    writeFileSync(join(vendor, "github.com/FerretDB/FerretDB/build/version/version.txt"), "v1.24.2");
  },
});
