import { hasDatabase, hasEndpoint, hasTls, undeclared } from "./has.ts";
import type { CatalogItem } from "./item.ts";

export const uptime = [
  {
    id: "uptime.health",
    title: "Public health endpoints are checked from outside",
    kind: "alert",
    cadence: "every 5 minutes",
    askedBy: ["webapp", "opendev", "lms", "esn", "trixtech"],
    applies: hasEndpoint,
  },
  {
    id: "uptime.dependencies",
    title: "Databases and caches answer (mongo ping, pg_isready, redis ping), checked from inside the network",
    kind: "alert",
    askedBy: ["webapp", "lms", "esn", "trixtech"],
    applies: hasDatabase,
  },
  {
    id: "uptime.tls",
    title: "TLS certificates are valid and not close to expiry",
    kind: "alert",
    cadence: "weekly",
    askedBy: ["lms", "esn", "trixtech"],
    applies: hasTls,
  },
  {
    id: "uptime.third-party",
    title: "Third-party services (payments, email, identity) are up",
    kind: "alert",
    cadence: "weekly",
    askedBy: ["lms", "esn", "trixtech"],
    applies: undeclared("which services of others it needs"),
  },
  {
    id: "uptime.report",
    title: "Uptime report daily",
    kind: "automated",
    cadence: "daily",
    askedBy: ["trixtech"],
    applies: hasEndpoint,
  },
] as const satisfies readonly CatalogItem[];
