import { always } from "./has.ts";
import type { CatalogItem } from "./item.ts";

export const routing = [
  {
    id: "route.severity",
    title: "Each alert has a severity with a response time",
    kind: "protect",
    askedBy: ["lms", "esn"],
    applies: always,
  },
  {
    id: "route.channels",
    title: "Email to administrators, SMS for critical alerts, Slack or Teams for the team",
    kind: "protect",
    askedBy: ["opendev", "trixtech"],
    applies: always,
  },
  {
    id: "route.escalation",
    title: "An unanswered alert escalates (on-call engineer, team lead, management)",
    kind: "protect",
    askedBy: ["lms", "esn", "trixtech"],
    applies: always,
  },
  {
    id: "route.no-orphans",
    title: "No alarm without an action, no severity without a channel",
    kind: "protect",
    askedBy: ["webapp", "opendev", "lms", "esn", "trixtech"],
    applies: always,
  },
  {
    id: "route.deploy-silence",
    title: "Planned maintenance silences its own alerts, and only those",
    kind: "procedure",
    askedBy: ["lms", "esn"],
    applies: always,
  },
] as const satisfies readonly CatalogItem[];
