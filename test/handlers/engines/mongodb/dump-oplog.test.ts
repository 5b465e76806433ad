import { readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openMongodbDump } from "../../../../handlers/engines/mongodb/dump.ts";
import { bson, end, prelude, segment } from "../../../support/handlers/archive.ts";
import { scriptsFolder } from "../../../support/handlers/scripts.ts";

const documents = [bson({ _id: 1 }), bson({ _id: 2 }), bson({ _id: 3 })];

it("a dump with an oplog is of all databases, holds the oplog last, and says of which moment it is", async () => {
  const whole = Buffer.concat([prelude("shop.courses", "other.a"), segment("shop.courses", ...documents), end("shop.courses", ...documents),
    segment("other.a"), end("other.a"), segment(".oplog", bson({ op: "i" })), end(".oplog", bson({ op: "i" }))]);
  const folder = scriptsFolder({ mongodump: `if [ "$1" = --version ]; then echo 1; exit; fi\nshift; echo "$@" > "$0.told"; cat "$0.archive"` });
  writeFileSync(join(folder, "mongodump.archive"), whole);
  const nowhere = { uri: "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=50" };
  const dump = await openMongodbDump({ credentials: nowhere, database: "shop", tools: folder, oplog: true }, new AbortController().signal);
  for await (const _ of dump.body) continue;
  await dump.close();
  const { counts, consistency, restoreCommand, server } = dump.describe();
  expect(readFileSync(join(folder, "mongodump.told"), "utf8")).toBe("--oplog --archive\n");
  expect(counts).toEqual({ "shop.courses": 3, "other.a": 0, ".oplog": 1 });
  expect(consistency).toMatch(/^One moment for the whole replica set: .*--oplogReplay/);
  expect(restoreCommand("s3://b/k")).toBe("aws s3 cp 's3://b/k' - | mongorestore --archive --gzip --stopOnError --oplogReplay");
  expect(server).toEqual({ address: `${hostname().toLowerCase()}:1` });
});
