import { scratchHost, scratchPorts, scratchUser } from "../../practice/contract/scratch.ts";
import type { DrillEntry } from "../../practice/plan/entries.ts";
import type { Sidecar } from "./task-definition.ts";

/** Of the task's memory, what a MongoDB may keep of its data; the rest is for its connections and the program that restores. */
const MONGODB_CACHE = 0.25;

/**
 * An official server that starts empty and asks nobody who he is. It may: it listens on the task's own localhost alone,
 * and what reaches that is in the task. So no password stands in the definition, where whoever may describe it reads it.
 */
export function scratchServer({ engine, image, task }: Pick<DrillEntry, "engine" | "image" | "task">): Sidecar {
  const port = String(scratchPorts[engine]);
  const common = { name: "scratch", image } as const;
  switch (engine) {
    case "postgresql":
      return {
        ...common,
        command: [
          "postgres", "-c", `listen_addresses=${scratchHost}`, "-c", `port=${port}`,
          // Fargate gives a container 64 MiB of shared memory, which workers that build an index side by side outgrow.
          "-c", "dynamic_shared_memory_type=mmap",
        ],
        environment: { POSTGRES_USER: scratchUser, POSTGRES_HOST_AUTH_METHOD: "trust", PGDATA: "/scratch/data" },
        folders: { data: "/scratch" },
      };
    case "mongodb":
      return {
        ...common,
        command: ["mongod", "--bind_ip", scratchHost, "--port", port, "--wiredTigerCacheSizeGB", String((task.memoryMegabytes / 1024) * MONGODB_CACHE)],
        folders: { data: "/data/db" },
      };
    case "redis":
      // It keeps nothing: what it holds is gone with the task.
      return { ...common, command: ["redis-server", "--bind", scratchHost, "--port", port, "--save", "", "--appendonly", "no"], folders: { data: "/data" } };
  }
}
