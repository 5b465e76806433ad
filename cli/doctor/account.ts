import type { CheckOutcome } from "../../practice/contract/evidence.ts";
import type { NamedThing, NamedType } from "./named-thing.ts";

export type Tags = Readonly<Record<string, string>>;

/** What the doctor asks an AWS account. `undefined`: there is no such thing. Whatever else goes wrong is thrown. */
export interface Account {
  /** Number of the account that the credentials belong to, asked in a region. */
  readonly number: (region: string) => Promise<string>;
  /** Rejects with what is wrong with the secret of a source; says nothing of what it holds. Default: of a database. */
  readonly secret: (secret: { readonly name: string; readonly host?: string; readonly of?: "database" | "repository" }) => Promise<FoundSecret | undefined>;
  /** `Enabled`, `PendingDeletion`... Of a key's ARN, or of `alias/...`. */
  readonly keyState: (key: string) => Promise<string | undefined>;
  /** Tags of what has a name already; those of a schedule are its target's. */
  readonly tags: (type: NamedType, thing: NamedThing, number: string) => Promise<Tags | undefined>;
  readonly vpc: (id: string) => Promise<{ readonly cidr: string } | undefined>;
  /** True when the VPC has both DNS settings without which AWS refuses private names of endpoints. */
  readonly resolvesNames: (vpcId: string) => Promise<boolean>;
  readonly endpoints: (vpcId: string) => Promise<readonly FoundEndpoint[]>;
  /** The VPC that each is in. */
  readonly subnetVpc: (id: string) => Promise<string | undefined>;
  readonly securityGroupVpc: (id: string) => Promise<string | undefined>;
  readonly routeTableVpc: (id: string) => Promise<string | undefined>;
  /** Where a subnet's traffic to everywhere goes: `nat-...`, `igw-...`; undefined without a default route. */
  readonly defaultRoute: (subnetId: string, vpcId: string) => Promise<string | undefined>;
  /** Architectures that a layer version says it is for; empty when it says none. */
  readonly layerArchitectures: (arn: string) => Promise<readonly string[] | undefined>;
  readonly bucketExists: (name: string) => Promise<boolean>;
  readonly lambda: (name: string) => Promise<FoundFunction | undefined>;
  /** Functions that may run at one time, of those that no function has reserved. */
  readonly concurrency: () => Promise<number>;
  readonly subscriptions: (topicArn: string) => Promise<readonly FoundSubscription[] | undefined>;
  /** `ENABLED` or `DISABLED`. */
  readonly scheduleState: (name: string) => Promise<string | undefined>;
  /** Names of the alarms that are raised, of all whose name begins so. */
  readonly raisedAlarms: (prefix: string) => Promise<readonly string[]>;
  /** When the newest sound backup of a source was scheduled. */
  readonly newestBackup: (place: BackupPlace) => Promise<Date | undefined>;
  /** The newest restore of a source's backup, however it ended. */
  readonly newestDrill: (place: BackupPlace) => Promise<FoundDrill | undefined>;
  /** `ACTIVE`, or `INACTIVE` for a while after it was deleted. */
  readonly clusterState: (name: string) => Promise<string | undefined>;
  /** True when a task can be started of it: an active revision is there. */
  readonly hasTaskDefinition: (family: string) => Promise<boolean>;
  readonly roleExists: (name: string) => Promise<boolean>;
  /** A machine as Systems Manager knows it: `i-...` or `mi-...`. */
  readonly managedNode: (instanceId: string) => Promise<FoundNode | undefined>;
  /** What State Manager does by a name, with the document of the same name. */
  readonly association: (name: string) => Promise<FoundAssociation | undefined>;
}

export interface FoundDrill {
  readonly startedAt: Date;
  readonly outcome: CheckOutcome;
}

export interface FoundNode {
  /** `Online`, `ConnectionLost` or `Inactive`. */
  readonly ping: string;
  /** `Linux`, `Windows`, `MacOS`. */
  readonly platform: string;
  /** Name of the role that programs on it have. Absent: none. */
  readonly role?: string;
}

export interface FoundAssociation {
  readonly id: string;
  readonly instanceIds: readonly string[];
  /** `Pending`, `Success`, `Failed`... */
  readonly status: string;
  /** Absent: it has never run. */
  readonly ranAt?: Date;
}

export interface FoundSecret {
  /** ARN of the customer key that encrypts it. Absent: AWS's own. */
  readonly key?: string;
  /** What is wrong with its content. Absent: the handler can read it. */
  readonly wrong?: string;
}

export interface FoundFunction {
  readonly tags: Tags;
  readonly environment: Readonly<Record<string, string>>;
}

export interface FoundSubscription {
  readonly endpoint: string;
  readonly confirmed: boolean;
}

export interface FoundEndpoint {
  readonly id: string;
  /** `com.amazonaws.eu-central-1.logs` */
  readonly service: string;
  readonly kind: string;
  /** Whether the service's own name leads to it, for everyone in the VPC. */
  readonly privateNames: boolean;
  /** Of a gateway. */
  readonly routeTableIds: readonly string[];
  readonly tags: Tags;
}

export interface BackupPlace {
  readonly bucket: string;
  readonly system: string;
  readonly stack: string;
  readonly source: string;
}
