import { always, hasEndpoint, hasFirewall, undeclared } from "./has.ts";
import type { CatalogItem } from "./item.ts";

export const protection = [
  {
    id: "protect.rate-limit",
    title: "Rate limit per client address at the edge",
    kind: "protect",
    askedBy: ["lms", "esn"],
    applies: hasEndpoint,
  },
  {
    id: "protect.patching",
    title: "Operating-system patches on hosts",
    kind: "automated",
    cadence: "weekly",
    askedBy: ["webapp", "trixtech"],
    applies: undeclared("whether it runs on hosts"),
  },
  {
    id: "protect.vulnerability-scan",
    title: "Dependency and vulnerability scan (npm audit, npm outdated)",
    kind: "automated",
    cadence: "weekly",
    askedBy: ["webapp", "opendev", "lms", "esn", "trixtech"],
    applies: always,
  },
  {
    id: "protect.file-integrity",
    title: "Host file integrity and privileged access are watched",
    kind: "alert",
    askedBy: ["trixtech"],
    applies: undeclared("whether it runs on hosts"),
  },
  {
    id: "protect.firewall",
    title: "Firewall rules (security groups, network ACLs) are watched for drift and reviewed",
    kind: "alert",
    cadence: "weekly",
    askedBy: ["lms", "trixtech"],
    applies: hasFirewall,
  },
  {
    id: "protect.headers",
    title: "Security headers and CORS of the public endpoints are as declared",
    kind: "alert",
    askedBy: ["lms", "esn"],
    applies: hasEndpoint,
  },
  {
    id: "protect.repository",
    title: "Branch protection and tagged releases stand",
    kind: "human",
    askedBy: ["webapp"],
    applies: always,
  },
  {
    id: "protect.access-review",
    title: "User permissions, 2FA, identity-provider configuration reviewed",
    kind: "human",
    cadence: "monthly",
    askedBy: ["lms", "esn", "trixtech"],
    applies: always,
  },
] as const satisfies readonly CatalogItem[];
