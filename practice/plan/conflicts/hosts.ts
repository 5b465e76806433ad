import type { Problem } from "../../config/problems.ts";
import type { Settings } from "../../config/settings.ts";
import { nearestOf } from "../../config/words/nearest.ts";
import { isOnHost } from "../hosts.ts";

/** Machines that are named, and are none of those that the stack file describes. */
export function findHostConflicts(settings: Settings): readonly Problem[] {
  const { hosts, databases, files } = settings;
  return [
    ...Object.entries(databases).flatMap(([name, database]) => {
      const path = `upkeep:databases.${name}`;
      if (database.runsOn === "host") return unknownHost(`${path}.host`, database.host, hosts);
      return typeof database.host === "string" && database.host in hosts ? [notRunThere(path, database.host)] : [];
    }),
    ...Object.entries(files).flatMap(([name, source]) => (isOnHost(source) ? unknownHost(`upkeep:files.${name}.host`, source.host, hosts) : [])),
  ];
}

function unknownHost(path: string, host: string, hosts: Settings["hosts"]): readonly Problem[] {
  if (Object.hasOwn(hosts, host)) return [];
  const known = Object.keys(hosts);
  const near = nearestOf(host, known);
  return [{
    path,
    message: `Expected the name of one of upkeep:hosts (${known.join(", ") || "there is none yet"}), got ${JSON.stringify(host)}. `
      + (near === undefined ? "" : `Did you mean \`${near}\`? `)
      + `Add it there: \`${near ?? host}: { instanceId: i-..., role: <name of its IAM role> }\`.`,
  }];
}

/** A machine's name where a DNS name is meant: the functions would look for it in vain. */
const notRunThere = (path: string, host: string): Problem => ({
  path: `${path}.host`,
  message: `Expected the DNS name of a database that functions reach, got ${JSON.stringify(host)}, which upkeep:hosts has. Add \`runsOn: host\` to have it backed up on that machine, and remove securityGroupId.`,
});
