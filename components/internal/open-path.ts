import { SecurityGroupEgressRule } from "@pulumi/aws/vpc/securityGroupEgressRule.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import { ProjectIpAccessList } from "@pulumi/mongodbatlas/projectIpAccessList.js";
import type { Input, Resource } from "@pulumi/pulumi";
import type { DatabaseBackupEntry } from "../../practice/plan/entries.ts";
import { known, type Scope, tagsOf } from "./scope.ts";

/** Atlas clusters answer on 27015 (mongos), 27016 (analytics) and 27017 (MongoDB Atlas network documentation). */
const ATLAS_PORTS = { from: 27015, to: 27017 } as const;

export interface OpenPathArgs {
  readonly scope: Scope;
  readonly entry: DatabaseBackupEntry;
  /** Security group of the backup functions. */
  readonly from: Input<string>;
}

/** Lets the backup function reach its database, and nothing else reach more than before. */
export function openPath(name: string, { scope, entry, from }: OpenPathArgs, parent: Resource): void {
  const tags = tagsOf(scope, "network");
  const { reach } = entry;
  switch (reach.kind) {
    case "security-group": {
      const path = { ipProtocol: "tcp", fromPort: reach.port, toPort: reach.port, tags };
      const description = `Backup of ${entry.source}`;
      const database = known(reach.securityGroupId);
      new SecurityGroupIngressRule(name, { ...path, description, securityGroupId: database, referencedSecurityGroupId: from }, { parent });
      new SecurityGroupEgressRule(name, { ...path, description, securityGroupId: from, referencedSecurityGroupId: database }, { parent });
      return;
    }
    case "atlas": {
      for (const cidrBlock of reach.allowFrom) {
        new ProjectIpAccessList(`${name}-${cidrBlock}`, {
          projectId: known(reach.projectId), cidrBlock, comment: `Backups of ${scope.system.name} (${scope.stack})`,
        }, { parent });
      }
      new SecurityGroupEgressRule(name, {
        // Atlas moves its nodes between addresses; TLS and the password decide who is there.
        ipProtocol: "tcp", fromPort: ATLAS_PORTS.from, toPort: ATLAS_PORTS.to, cidrIpv4: "0.0.0.0/0",
        description: `Backup of ${entry.source}, MongoDB Atlas`, securityGroupId: from, tags,
      }, { parent });
      return;
    }
  }
}
