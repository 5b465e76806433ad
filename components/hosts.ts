import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { Policy } from "@pulumi/aws/iam/policy.js";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment.js";
import { ComponentResource, interpolate, type ComponentResourceOptions, type Input, type Output, type Resource } from "@pulumi/pulumi";
import { hostsName } from "../practice/contract/names.ts";
import { backupOnHostGrants } from "../practice/contract/permissions.ts";
import { sourcePrefix } from "../practice/contract/store.ts";
import type { HostsEntry, PlannedHost } from "../practice/plan/entries.ts";
import type { BackupStore } from "./backup-store.ts";
import { arn, secretArn } from "./internal/arn.ts";
import { statementsOf } from "./internal/grants.ts";
import { type HostCode, hostCode, hostCodePrefix } from "./internal/host-code.ts";
import { policyDocument } from "./internal/role.ts";
import { known, type Scope, tagsOf } from "./internal/scope.ts";
import { storeTargets } from "./internal/store-targets.ts";

export interface HostsArgs {
  readonly scope: Scope;
  readonly entry: HostsEntry;
  readonly store: BackupStore;
}

/** What the stack's machines need to back themselves up: the code in the store, a log, and for each a policy at the role that it has. */
export class Hosts extends ComponentResource {
  static readonly type = "upkeep:run:Hosts";

  readonly entry: HostsEntry;
  readonly code: HostCode;
  readonly logGroupName: Output<string>;
  /** Rights of each machine by its name, to depend on: a first run without them would fail. */
  readonly rights: ReadonlyMap<string, Resource>;

  constructor(name: string, { scope, entry, store }: HostsArgs, opts?: ComponentResourceOptions) {
    super(Hosts.type, name, { entry }, opts);
    const child = { parent: this };
    const tags = tagsOf(scope, "backup");

    const logs = new LogGroup(name, { name: `/upkeep/${hostsName(scope)}`, retentionInDays: entry.logDays, tags }, child);

    this.rights = new Map(entry.hosts.map((host) => {
      const policyName = `${hostsName(scope)}-${host.name}`;
      const policy = new Policy(`${name}-${host.name}`, {
        name: policyName,
        description: `What ${host.name} may do to back itself up (${scope.system.name}, ${scope.stack})`,
        policy: policyDocument(statementsOf(backupOnHostGrants, targetsOf(host, { scope, store, logGroupArn: logs.arn }))),
        tags,
      }, child);
      // The role stays its owner's: what is ours of it is one attachment, which goes with the stack.
      const attachment = new RolePolicyAttachment(`${name}-${host.name}`, {
        // Its ARN is known before it exists: so it can be judged in a preview whose it is.
        role: known(host.role), policyArn: arn({ ...scope, region: "" }, "iam", `policy/${policyName}`),
      }, { ...child, dependsOn: [policy] });
      return [host.name, attachment] as const;
    }));

    this.entry = entry;
    this.code = hostCode(name, { scope, store, architecture: entry.architecture }, this);
    this.logGroupName = logs.name;
    this.registerOutputs({ entry, logGroupName: this.logGroupName });
  }
}

interface Around {
  readonly scope: Scope;
  readonly store: BackupStore;
  readonly logGroupArn: Input<string>;
}

/** Its own sources and no others: everything that runs on the machine has its role. */
function targetsOf({ sources }: PlannedHost, { scope, store, logGroupArn }: Around) {
  const secrets = sources.flatMap(({ secret }) => (secret === undefined ? [] : [secretArn(scope, known(secret))]));
  const keys = [...new Set(sources.flatMap(({ secretKey }) => (secretKey === undefined ? [] : [known(secretKey)])))];
  const { primary } = store;
  return {
    ...storeTargets(store),
    "store-objects": sources.map(({ source }) => interpolate`${primary.bucketArn}/${sourcePrefix(scope.system.name, source)}*`),
    "host-code": [interpolate`${primary.bucketArn}/${hostCodePrefix}*`],
    "host-log": sources.map(({ source }) => interpolate`${logGroupArn}:log-stream:${source}`),
    ...(secrets.length === 0 ? {} : { secret: secrets }),
    ...(keys.length === 0 ? {} : { "secret-key": keys }),
  };
}
