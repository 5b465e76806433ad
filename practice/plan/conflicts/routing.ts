import type { Problem } from "../../config/problems.ts";
import { nearestOf } from "../../config/words/nearest.ts";
import { severities, type Settings } from "../../config/settings.ts";
import type { AlertEntry } from "../entries.ts";

export const findRoutingConflicts = (settings: Settings, alerts: readonly AlertEntry[]): readonly Problem[] =>
  [...unknownChannels(settings), ...unroutedAlerts(settings, alerts)];

function unknownChannels({ routing, channels }: Settings): readonly Problem[] {
  const known = Object.keys(channels);
  const wayOut = (name: string): string => {
    const near = nearestOf(name, known);
    return near === undefined ? "Add it under upkeep:channels, or name another" : `Did you mean \`${near}\`? Write that, or add the channel under upkeep:channels`;
  };
  return severities.flatMap((severity) => (routing[severity]?.to ?? []).flatMap((name, index) =>
    known.includes(name) ? [] : [{
      path: `upkeep:routing.${severity}.to[${index}]`,
      message: `Expected the name of a channel (${known.join(", ") || "there is none yet"}), got ${JSON.stringify(name)}. ${wayOut(name)}.`,
    }]));
}

/** One problem per severity, not one per alert: the way out is the same for all of them. */
function unroutedAlerts({ routing }: Settings, alerts: readonly AlertEntry[]): readonly Problem[] {
  return severities.flatMap((severity) => {
    const lost = alerts.filter((alert) => alert.severity === severity).map((alert) => alert.name);
    if (lost.length === 0 || routing[severity] !== undefined) return [];
    return [{
      path: `upkeep:routing.${severity}`,
      message: `Expected a route, got none: ${lost.join(", ")} would reach nobody. Write ${severity}: { respondWithin: ..., to: [...] }, or give the alerts another severity.`,
    }];
  });
}
