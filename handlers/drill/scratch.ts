import type { DrillEngine } from "../../practice/contract/scratch.ts";
import { freshMongodb } from "../engines/mongodb/fresh-scratch.ts";
import { openMongodbTarget } from "../engines/mongodb/restore.ts";
import { freshPostgresql } from "../engines/postgresql/fresh-scratch.ts";
import { openPostgresqlTarget } from "../engines/postgresql/restore.ts";
import { freshRedis } from "../engines/redis/fresh-scratch.ts";
import { openRedisTarget } from "../engines/redis/restore.ts";
import type { OpenTarget } from "../engines/restore.ts";
import { type UntilFresh, untilFresh } from "./until-fresh.ts";

export interface ScratchSettings {
  readonly engine: DrillEngine;
  readonly port: number;
  /** Folder with the database programs. */
  readonly tools: string;
  readonly wait?: UntilFresh;
}

/**
 * The way into the server beside this program: waited for, seen to be new and empty, marked as scratch, and then held to
 * the same proof as every other target.
 */
export function scratchOf({ engine, port, tools, wait }: ScratchSettings): OpenTarget {
  const server = { port, tools };
  switch (engine) {
    case "postgresql":
      return async (signal) => openPostgresqlTarget(await untilFresh((stop) => freshPostgresql(server, stop), signal, wait), signal);
    case "mongodb":
      return async (signal) => openMongodbTarget(await untilFresh((stop) => freshMongodb(server, stop), signal, wait), signal);
    case "redis":
      return async (signal) => openRedisTarget(await untilFresh((stop) => freshRedis(server, stop), signal, wait), signal);
  }
}
