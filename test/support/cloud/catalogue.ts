import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { bson, end, prelude, segment } from "../handlers/archive.ts";
import { programPath } from "../parts.ts";

/** Name of the MongoDB database. */
export const CATALOGUE = "catalogue";

/** Two courses, put there by the stock program. */
export async function fillCatalogue(uri: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "upkeep-seed-"));
  const name = `${CATALOGUE}.courses`;
  const documents = [bson({ _id: 1, title: "Algebra" }), bson({ _id: 2, title: "Botany" })];
  try {
    writeFileSync(join(folder, "archive"), Buffer.concat([prelude(name), segment(name, ...documents), end(name, ...documents)]));
    await promisify(execFile)(programPath("mongo-tools", "mongorestore"), [`--uri=${uri}`, `--archive=${join(folder, "archive")}`, "--noIndexRestore", "-j=1"], { timeout: 20_000 });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
