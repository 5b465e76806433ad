import { endpointServices, type EndpointService, type Settings, type SystemSettings } from "../config/settings.ts";
import type { BackupEntry, DatabaseBackupEntry, DrillEntry, NetworkEntry, NetworkPath } from "./entries.ts";

/** Only databases, and the tasks that restore them, need a place in the network; buckets are reached from anywhere. */
export function planNetwork({ system, region }: Settings, backups: readonly BackupEntry[], drills: readonly DrillEntry[]): readonly NetworkEntry[] {
  const network = system.network;
  const databases = backups.filter((backup) => backup.kind === "database-backup");
  if (network === undefined || (databases.length === 0 && drills.length === 0)) return [];
  // Each interface endpoint costs about 7 USD a month and zone (AWS price list): declared only where there is no way out.
  const missing = network.egress === "endpoints" ? endpointServices.filter((service) => isNeeded(service, system) && !network.existing.includes(service)) : [];
  return [{
    kind: "network",
    name: "network",
    from: "upkeep:system.network",
    carries: [],
    network,
    region,
    paths: planPaths(databases),
    drills: drills.length > 0,
    interfaceEndpoints: missing.filter((service) => service !== "s3"),
    gatewayEndpoint: missing.includes("s3"),
  }];
}

/** Only tasks fetch images; their own service is reached by Fargate, not by them. */
const isNeeded = (service: EndpointService, { fargate }: SystemSettings): boolean => fargate !== undefined || !service.startsWith("ecr.");

function planPaths(databases: readonly DatabaseBackupEntry[]): readonly NetworkPath[] {
  const paths: NetworkPath[] = [];
  for (const wanted of databases.flatMap(pathsOf)) {
    const same = paths.findIndex((path) => reachSame(path, wanted));
    const known = paths[same];
    if (known === undefined) paths.push(wanted);
    else paths[same] = { ...known, sources: [...known.sources, ...wanted.sources] };
  }
  return paths;
}

function pathsOf({ source, reach }: DatabaseBackupEntry): readonly NetworkPath[] {
  const about = (known: unknown): string => (typeof known === "string" ? known : source);
  switch (reach.kind) {
    case "security-group":
      return [{ ...reach, name: `${about(reach.securityGroupId)}-${reach.port}`, sources: [source] }];
    case "atlas":
      return reach.allowFrom.map((cidrBlock) =>
        ({ kind: "atlas", projectId: reach.projectId, cidrBlock, name: `${about(reach.projectId)}-${cidrBlock}`, sources: [source] }));
  }
}

/** Outputs are the same only when they are one object: what two of them will hold is not known yet. */
function reachSame(one: NetworkPath, other: NetworkPath): boolean {
  if (one.kind === "security-group" && other.kind === "security-group") return one.securityGroupId === other.securityGroupId && one.port === other.port;
  if (one.kind === "atlas" && other.kind === "atlas") return one.projectId === other.projectId && one.cidrBlock === other.cidrBlock;
  return false;
}
