import { metricNames, metricNamespace } from "../contract/metrics.ts";
import { severities, type ChannelSettings, type Settings } from "../config/settings.ts";
import { KEY_WINDOW_DAYS } from "./keys.ts";
import type { AlertEntry, BoardEntry, QuietEntry, Route, RouteTarget, RoutingEntry } from "./entries.ts";

export function planRouting({ routing, channels }: Settings): RoutingEntry {
  const routes = severities.flatMap((severity): readonly Route[] => {
    const route = routing[severity];
    if (route === undefined) return [];
    const to = route.to.flatMap((name) => targetOf(name, channels[name]));
    return [{ severity, respondWithinSeconds: route.respondWithinSeconds, to }];
  });
  return { kind: "routing", name: "routing", from: "upkeep:routing", carries: ["route.severity"], routes, keyWindowDays: KEY_WINDOW_DAYS };
}

function targetOf(channel: string, settings: ChannelSettings | undefined): readonly RouteTarget[] {
  switch (settings?.kind) {
    case undefined: return []; // Reported as a conflict, with the names that exist.
    case "email": return [{ channel, protocol: "email", endpoint: settings.address }];
    case "https": return [{ channel, protocol: "https", endpoint: settings.url }];
  }
}

export function planQuiet({ quietHours }: Settings): readonly QuietEntry[] {
  if (quietHours === undefined) return [];
  const from = minutesOf(quietHours.from);
  // Over midnight the end is earlier than the beginning; equal times mean the whole day.
  const minutes = (minutesOf(quietHours.until) - from + DAY_MINUTES - 1) % DAY_MINUTES + 1;
  return [{
    kind: "quiet",
    name: "quiet-hours",
    from: "upkeep:quietHours",
    carries: [],
    hours: quietHours,
    expression: `cron(${from % 60} ${Math.floor(from / 60)} * * *)`,
    duration: `PT${minutes}M`,
  }];
}

const DAY_MINUTES = 1440;

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

/** Datadog's AWS integration writes the names of custom namespaces and metrics in lower case, words joined by underscores. */
const datadogName = (namespace: string, metric: string): string =>
  `${namespace.toLowerCase()}.${metric.replaceAll(/(?<=[a-z])(?=[A-Z])/g, "_").toLowerCase()}`;

export const planBoard = ({ datadog, system, stack }: Settings, alerts: readonly AlertEntry[]): readonly BoardEntry[] =>
  datadog === undefined ? [] : [{
    kind: "board",
    name: "board",
    from: "upkeep:datadog",
    carries: [],
    apiUrl: `https://api.${datadog.site}/`,
    metric: datadogName(metricNamespace, metricNames.backupAge),
    title: `Maintenance of ${system.name} (${stack})`,
    ages: alerts.flatMap(({ signal, threshold }) =>
      signal.kind === "backup-age" ? [{ source: signal.source, limitSeconds: threshold }] : []),
  }];
