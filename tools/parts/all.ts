import { engine } from "./engine.ts";
import { mongoJava } from "./mongo-java.ts";
import { mongoTools } from "./mongo-tools.ts";
import { mongodb } from "./mongodb.ts";
import type { Found, Part, PartName } from "./part.ts";
import { postgresql } from "./postgresql.ts";
import { redis } from "./redis.ts";
import { s3 } from "./s3.ts";
import { tools } from "./tools.ts";

/** Quick ones first, so that an early Ctrl-C still leaves most of them. */
export const parts: readonly Part[] = [postgresql, redis, s3, mongoJava, mongoTools, tools, mongodb, engine];

/** Comma-separated names of parts that count as missing, e.g. `UPKEEP_SKIP_PARTS=mongodb,s3`. */
const SKIP_VARIABLE = "UPKEEP_SKIP_PARTS";

export const isSkipped = (part: Part): boolean => (process.env[SKIP_VARIABLE] ?? "").split(",").includes(part.name);

export function partNamed(name: PartName): Part {
  const part = parts.find((candidate) => candidate.name === name);
  if (!part) throw new Error(`Expected the name of a part (${parts.map((known) => known.name).join(", ")}), got ${name}.`);
  return part;
}

export function findPart(part: Part): Found {
  if (!isSkipped(part)) return part.find();
  return { state: "missing", why: `${SKIP_VARIABLE} names it`, wayOut: `take it out of ${SKIP_VARIABLE}` };
}
