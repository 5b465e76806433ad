import type { Settings } from "../config/settings.ts";
import type { BackupEntry, NetworkEntry } from "./entries.ts";

/** What a backup function in a closed subnet talks to, beside S3. Each costs about 7 USD a month and zone (AWS price list). */
const INTERFACE_ENDPOINTS = ["secretsmanager", "kms", "states", "logs", "monitoring", "ecr.api", "ecr.dkr"] as const;

/** Only databases need a place in the network; buckets are reached from anywhere. */
export function planNetwork({ system, region }: Settings, backups: readonly BackupEntry[]): readonly NetworkEntry[] {
  const network = system.network;
  if (network === undefined || !backups.some((backup) => backup.kind === "database-backup")) return [];
  const closed = network.egress === "endpoints";
  return [{
    kind: "network",
    name: "network",
    from: "upkeep:system.network",
    carries: [],
    network,
    region,
    interfaceEndpoints: closed ? INTERFACE_ENDPOINTS : [],
    gatewayEndpoint: closed,
  }];
}
