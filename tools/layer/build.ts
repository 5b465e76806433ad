import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build as buildGo, modulesOf } from "../parts/go-part.ts";
import { goProgram } from "../parts/go-program.ts";
import { MONGO_TOOLS_VERSION, mongoToolsRecipe } from "../parts/mongo-tools.ts";
import type { Progress } from "../parts/part.ts";
import { needCompilers } from "./build-needs.ts";
import { BIN, PROGRAMS, VERSIONS_FILE } from "./contents.ts";
import { fetchSource } from "./fetch-source.ts";
import { keepLicences } from "./licences.ts";
import { portabilityProblem } from "./portable.ts";
import { buildPostgresql } from "./postgresql.ts";
import { buildRedis, newestRdb } from "./redis.ts";
import { postgresql, redis, type Source } from "./sources.ts";
import { type Origin, versionsOf } from "./versions.ts";

/** Fills a folder with all that the layer's zip will hold. About two minutes on two cores. */
export async function buildTools(root: string, progress: Progress): Promise<void> {
  await needCompilers(progress);
  const go = await goProgram(progress);
  const work = join(root, "work");
  const bin = join(root, BIN);
  mkdirSync(work, { recursive: true });
  mkdirSync(bin);
  const archives = { postgresql: await fetchSource(postgresql, work, progress), redis: await fetchSource(redis, work, progress) };
  const folders = { postgresql: join(work, "postgresql"), redis: join(work, "redis"), mongo: join(work, "mongo") };

  mkdirSync(folders.mongo);
  await buildGo(mongoToolsRecipe, go, folders.mongo, progress);
  for (const program of Object.keys(mongoToolsRecipe.programs)) renameSync(join(folders.mongo, program), join(bin, program));
  await buildPostgresql(archives.postgresql, folders.postgresql, bin, progress);
  await buildRedis(archives.redis, folders.redis, bin, progress);

  progress("checking the programs");
  for (const name of PROGRAMS) {
    const problem = portabilityProblem(join(bin, name), name);
    if (problem !== undefined) throw new Error(problem);
  }
  keepLicences(root, { ...folders, modules: await modulesOf(mongoToolsRecipe, go) });
  const versions = await versionsOf(root, origins, newestRdb(folders.redis), go);
  writeFileSync(join(root, VERSIONS_FILE), `${JSON.stringify(versions, null, 2)}\n`);
  rmSync(work, { recursive: true });
}

const origin = ({ name, version, licence, places }: Source): Origin =>
  ({ name, version, licence, sources: [...new Set(places.map(({ sha256 }) => sha256))] });

const origins: readonly Origin[] = [
  { name: "mongo-tools", version: MONGO_TOOLS_VERSION, licence: "Apache-2.0" }, origin(postgresql), origin(redis),
];
