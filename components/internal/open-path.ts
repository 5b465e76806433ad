import { SecurityGroupEgressRule } from "@pulumi/aws/vpc/securityGroupEgressRule.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import { ProjectIpAccessList } from "@pulumi/mongodbatlas/projectIpAccessList.js";
import type { Input, Resource } from "@pulumi/pulumi";
import type { NetworkPath } from "../../practice/plan/entries.ts";
import { known, type Scope, tagsOf } from "./scope.ts";

/** Atlas clusters answer on 27015 (mongos), 27016 (analytics) and 27017 (MongoDB Atlas network documentation). */
const ATLAS_PORTS = { from: 27015, to: 27017 } as const;

/** Lets the functions reach what they back up, and nothing else reach more than before. */
export function openPaths(name: string, paths: readonly NetworkPath[], { scope, from }: OpenPathsArgs, parent: Resource): void {
  for (const path of paths) openPath(`${name}-${path.name}`, path, { scope, from }, parent);

  if (!paths.some(({ kind }) => kind === "atlas")) return;
  new SecurityGroupEgressRule(`${name}-atlas`, {
    // Atlas moves its nodes between addresses; TLS and the password decide who is there.
    ipProtocol: "tcp", fromPort: ATLAS_PORTS.from, toPort: ATLAS_PORTS.to, cidrIpv4: "0.0.0.0/0",
    description: "Backups from MongoDB Atlas", securityGroupId: from, tags: tagsOf(scope, "network"),
  }, { parent });
}

export interface OpenPathsArgs {
  readonly scope: Scope;
  /** Security group of the functions. */
  readonly from: Input<string>;
}

function openPath(name: string, path: NetworkPath, { scope, from }: OpenPathsArgs, parent: Resource): void {
  switch (path.kind) {
    case "security-group": {
      const rule = {
        ipProtocol: "tcp", fromPort: path.port, toPort: path.port, description: `Backups of ${path.sources.join(", ")}`, tags: tagsOf(scope, "network"),
      };
      const database = known(path.securityGroupId);
      new SecurityGroupIngressRule(name, { ...rule, securityGroupId: database, referencedSecurityGroupId: from }, { parent });
      new SecurityGroupEgressRule(name, { ...rule, securityGroupId: from, referencedSecurityGroupId: database }, { parent });
      return;
    }
    case "atlas":
      new ProjectIpAccessList(name, {
        projectId: known(path.projectId), cidrBlock: path.cidrBlock, comment: `Backups of ${scope.system.name} (${scope.stack})`,
      }, { parent });
  }
}
