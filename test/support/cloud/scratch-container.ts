import { type DrillEngine, scratchHost, scratchPorts, scratchUser } from "../../../practice/contract/scratch.ts";
import { startJavaMongo } from "../servers/mongodb-java.ts";
import { startTrustingPostgres } from "../servers/postgresql.ts";
import { startRedis } from "../servers/redis.ts";
import type { Container } from "./taught-task.ts";

/** What stands beside a task. */
export interface BesideTask {
  /** Of this machine. A task has a network of its own, in which it is the one that the definition says. */
  readonly port: number;
  readonly stop: () => Promise<void>;
}

/** Begins what a container's image holds. */
export type StartServer = (container: Container) => Promise<BesideTask>;

interface TaughtServer {
  /** How the official image's name ends, without its tag. */
  readonly image: string;
  readonly port: number;
  /** Words of the command, without those of the port; every one has to be known. */
  readonly command: (port: string) => readonly (string | RegExp)[];
  readonly environment: Readonly<Record<string, string>>;
  /** Where its image keeps data unless it is told otherwise. */
  readonly data: string;
  readonly start: () => Promise<BesideTask>;
}

const taught: Readonly<Record<DrillEngine, TaughtServer>> = {
  postgresql: {
    image: "docker/library/postgres",
    port: scratchPorts.postgresql,
    command: (port) => ["postgres", "-c", `listen_addresses=${scratchHost}`, "-c", `port=${port}`, "-c", "dynamic_shared_memory_type=mmap"],
    environment: { POSTGRES_USER: scratchUser, POSTGRES_HOST_AUTH_METHOD: "trust" },
    data: "/var/lib/postgresql/data",
    start: () => startTrustingPostgres(),
  },
  redis: {
    image: "docker/library/redis",
    port: scratchPorts.redis,
    command: (port) => ["redis-server", "--bind", scratchHost, "--port", port, "--save", "", "--appendonly", "no"],
    environment: {},
    data: "/data",
    start: () => startRedis({ users: false }),
  },
  mongodb: {
    image: "docker/library/mongo",
    port: scratchPorts.mongodb,
    command: (port) => ["mongod", "--bind_ip", scratchHost, "--port", port, "--wiredTigerCacheSizeGB", /^\d+(\.\d+)?$/],
    environment: {},
    data: "/data/db",
    start: () => startJavaMongo(),
  },
};

/**
 * Stands for the official image of a database beside a drill: a real server, new and empty, that asks nobody who he is,
 * because its definition says so. It refuses a definition that says anything else.
 */
export const startScratchContainer: StartServer = async (container) => {
  const name = container.image.replace(/[:@].*$/, "");
  const server = Object.values(taught).find(({ image }) => name.endsWith(image));
  if (server === undefined) throw new Error(`Expected the image of a server that is known here, got ${container.image}.`);
  const expected = server.command(String(server.port));
  const isExpected = container.command.length === expected.length && expected.every((word, index) => matches(word, container.command[index] ?? ""));
  const { PGDATA = server.data, ...said } = Object.fromEntries(container.environment.map(({ name: variable, value }) => [variable, value]));
  // The image may write all over its own root, and its data lies on the one volume that is not shared with the task.
  const canWrite = !container.readonlyRootFilesystem && container.mountPoints.length === 1
    && container.mountPoints.every(({ sourceVolume, containerPath, readOnly }) => sourceVolume === "data" && !readOnly && `${PGDATA}/`.startsWith(`${containerPath}/`));
  if (!isExpected || !canWrite || JSON.stringify(said) !== JSON.stringify(server.environment)) throw new Error(`Expected ${name} to be started as this double was taught, got ${JSON.stringify(container)}.`);
  return server.start();
};

const matches = (expected: string | RegExp, word: string): boolean => (typeof expected === "string" ? expected === word : expected.test(word));
