import type { DrillEngine } from "../contract/scratch.ts";
import type { TaskShape } from "./entries.ts";

/** GiB that a task has anyway, and the most that Fargate gives it (AWS: task ephemeral storage). */
const FREE_GIB = 20;
const MOST_EPHEMERAL_GIB = 200;

/** Of those, what images, code and the server's own files take. */
const BESIDE_THE_DATA_GIB = 10;

/** Indexes are sorted on disk while they are built, and what was written is in the server's log too until it is in its files. */
const ROOM_FOR_DATA = 2;

/** The program that restores and compares, beside a Redis, which keeps all that it has in memory. */
const BESIDE_REDIS_GIB = 4;

/** Processors with the GiB of memory that Fargate sells with each, in steps (AWS: task size). */
const largest = { cpuUnits: 16_384, leastGiB: 32, mostGiB: 120, stepGiB: 8 } as const;
const sizes = [
  { cpuUnits: 2048, leastGiB: 8, mostGiB: 16, stepGiB: 1 },
  { cpuUnits: 4096, leastGiB: 8, mostGiB: 30, stepGiB: 1 },
  { cpuUnits: 8192, leastGiB: 16, mostGiB: 60, stepGiB: 4 },
  largest,
] as const;

/** A quarter of what a dump is held to: indexes are built, and every row is read once more for its hash. */
const RESTORE_MIB_PER_SECOND = 10;

const HALF_AN_HOUR_SECONDS = 1800;

/** Above it no task has room for what is restored. */
export const drillMaxGiB: Readonly<Record<DrillEngine, number>> = {
  mongodb: (MOST_EPHEMERAL_GIB - BESIDE_THE_DATA_GIB) / ROOM_FOR_DATA,
  postgresql: (MOST_EPHEMERAL_GIB - BESIDE_THE_DATA_GIB) / ROOM_FOR_DATA,
  redis: (largest.mostGiB - BESIDE_REDIS_GIB) / ROOM_FOR_DATA,
};

/** Two processors, one for each of program and server, and twice the time that a restore takes at that pace, in half hours. */
export function drillTask(engine: DrillEngine, sizeGiB: number): TaskShape {
  const neededGiB = Math.ceil(sizeGiB * ROOM_FOR_DATA);
  const diskGiB = engine === "redis" ? 0 : BESIDE_THE_DATA_GIB + neededGiB;
  return {
    ...memoryOf(engine === "redis" ? BESIDE_REDIS_GIB + neededGiB : 0),
    ...(diskGiB > FREE_GIB ? { ephemeralGiB: Math.min(diskGiB, MOST_EPHEMERAL_GIB) } : {}),
    timeoutSeconds: Math.max(1, Math.ceil((2 * sizeGiB * 1024) / RESTORE_MIB_PER_SECOND / HALF_AN_HOUR_SECONDS)) * HALF_AN_HOUR_SECONDS,
  };
}

function memoryOf(neededGiB: number): Pick<TaskShape, "cpuUnits" | "memoryMegabytes"> {
  const { cpuUnits, leastGiB, mostGiB, stepGiB } = sizes.find((size) => size.mostGiB >= neededGiB) ?? largest;
  const steps = Math.max(0, Math.ceil((neededGiB - leastGiB) / stepGiB));
  return { cpuUnits, memoryMegabytes: Math.min(mostGiB, leastGiB + steps * stepGiB) * 1024 };
}
