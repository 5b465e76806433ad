import type { DatabaseSettings, EndpointSettings, Settings } from "../config/settings.ts";
import type { Applicability } from "./item.ts";

const someDatabase = (settings: Settings, test: (database: DatabaseSettings) => boolean): boolean =>
  Object.values(settings.databases).some(test);

const someEndpoint = (settings: Settings, test: (endpoint: EndpointSettings) => boolean): boolean =>
  Object.values(settings.endpoints).some(test);

const isMongo = ({ engine }: DatabaseSettings): boolean => engine === "mongodb" || engine === "mongodb-atlas";
const isPostgres = ({ engine }: DatabaseSettings): boolean => engine === "postgresql";
const holdsRecords = (database: DatabaseSettings): boolean => isMongo(database) || isPostgres(database);

export const always: Applicability = { when: "always", holds: () => true };

export const hasMongo: Applicability = {
  when: "it has a MongoDB database, self-hosted or in Atlas",
  holds: (settings) => someDatabase(settings, isMongo),
};

export const hasPostgres: Applicability = {
  when: "it has a PostgreSQL database",
  holds: (settings) => someDatabase(settings, isPostgres),
};

/** The databases of record. Redis is left out: what it holds can be computed again, unless somebody backs it up. */
export const hasRecords: Applicability = {
  when: "it has a MongoDB or PostgreSQL database",
  holds: (settings) => someDatabase(settings, holdsRecords),
};

export const hasDatabase: Applicability = {
  when: "it has a database or a cache",
  holds: (settings) => someDatabase(settings, () => true),
};

export const hasRedis: Applicability = {
  when: "it has a Redis cache",
  holds: (settings) => someDatabase(settings, ({ engine }) => engine === "redis"),
};

/** Databases whose provider can take snapshots: Atlas does, PostgreSQL does where RDS runs it. */
export const hasSnapshots: Applicability = {
  when: "it has a MongoDB Atlas or a PostgreSQL database",
  holds: (settings) => someDatabase(settings, (database) => database.engine === "mongodb-atlas" || isPostgres(database)),
};

export const hasFiles: Applicability = {
  when: "it has uploaded files",
  holds: (settings) => Object.keys(settings.files).length > 0,
};

/** A Redis with a backup is no cache: somebody would miss what it holds. */
export const keepsData: Applicability = {
  when: "it keeps data: a MongoDB or PostgreSQL database, uploaded files, or a Redis that is backed up",
  holds: (settings) =>
    hasFiles.holds(settings) || someDatabase(settings, (database) => holdsRecords(database) || database.backup !== undefined),
};

export const hasEndpoint: Applicability = {
  when: "it has a public endpoint",
  holds: (settings) => someEndpoint(settings, () => true),
};

export const hasTls: Applicability = {
  when: "it has a public endpoint that is served over https",
  holds: (settings) => someEndpoint(settings, ({ url }) => url.toLowerCase().startsWith("https:")),
};

export const takesInput: Applicability = {
  when: "it has a public endpoint or uploaded files",
  holds: (settings) => hasEndpoint.holds(settings) || hasFiles.holds(settings),
};

/** Each database stands behind a security group or an access list, so it counts as a wall of its own. */
export const hasFirewall: Applicability = {
  when: "it has a network, or a database with a security group or an access list",
  holds: (settings) => settings.system.network !== undefined || hasDatabase.holds(settings),
};

/**
 * For what a stack file has no key for yet. The item applies to each system that could have it, so that it shows as
 * missing and a person answers in `notApplicable`; a guess that it does not apply would hide it.
 */
export const undeclared = (what: string, among: Applicability = always): Applicability => ({
  when: `${among.when}; the stack file cannot say yet ${what}`,
  holds: among.holds,
});
