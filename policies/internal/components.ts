import type { PolicyResource } from "@pulumi/policy";

/** Type tokens of the components that group the practice's resources. */
export const componentTypes = {
  maintenance: "upkeep:index:Maintenance",
  store: "upkeep:backup:BackupStore",
  databaseBackup: "upkeep:backup:DatabaseBackup",
  elasticacheBackup: "upkeep:backup:ElastiCacheBackup",
  exportBucket: "upkeep:backup:ExportBucket",
  filesBackup: "upkeep:backup:FilesBackup",
  hostBackup: "upkeep:backup:HostBackup",
  configurationBackup: "upkeep:backup:ConfigurationBackup",
  repositoryBackup: "upkeep:backup:RepositoryBackup",
  managedSnapshots: "upkeep:backup:ManagedSnapshots",
  verification: "upkeep:verification:Verification",
  restoreDrill: "upkeep:verification:RestoreDrill",
} as const;

export const componentsOf = (resources: readonly PolicyResource[], ...types: readonly string[]): readonly PolicyResource[] =>
  resources.filter(({ type }) => types.includes(type));

/** Parents from the nearest to the farthest. */
export function parentsOf(resource: PolicyResource): readonly PolicyResource[] {
  return resource.parent === undefined ? [] : [resource.parent, ...parentsOf(resource.parent)];
}

export const isBelow = (resource: PolicyResource, component: PolicyResource): boolean =>
  parentsOf(resource).some(({ urn }) => urn === component.urn);

/** A URN spells the types of all parents before the resource's own: `...::a:b:C$aws:s3/bucket:Bucket::name`. */
export const belongsToPractice = (urn: string): boolean =>
  (urn.split("::")[2] ?? "").split("$").slice(0, -1).some((type) => type.startsWith("upkeep:"));
