/** Engines whose backups can be restored into a server of the official image, which starts empty beside the task that restores. */
export const drillEngines = ["mongodb", "postgresql", "redis"] as const;

export type DrillEngine = (typeof drillEngines)[number];

/**
 * The task's own address, which leads to nothing but the task: its containers share one network of their own. It is no
 * setting, so no drill can be aimed at another server.
 */
export const scratchHost = "127.0.0.1";

/** Ports that no engine has by default: what was backed up from a server's own localhost is not taken for this one. */
export const scratchPorts: Readonly<Record<DrillEngine, number>> = { mongodb: 57_017, postgresql: 55_432, redis: 56_379 };

/** The user that owns a PostgreSQL of the official image. */
export const scratchUser = "postgres";

/** What a drill restores into. Redis has no databases with names. */
export const scratchDatabase = "scratch";
