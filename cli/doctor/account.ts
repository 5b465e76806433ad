/** What the doctor asks an AWS account. `undefined`: there is no such thing. Whatever else goes wrong is thrown. */
export interface Account {
  /** Number of the account that the credentials belong to, asked in a region. */
  readonly number: (region: string) => Promise<string>;
  /** Rejects with what is wrong with a database's secret; says nothing of what it holds. */
  readonly secret: (secret: { readonly name: string; readonly host?: string }) => Promise<FoundSecret | undefined>;
  /** `Enabled`, `PendingDeletion`... */
  readonly keyState: (arn: string) => Promise<string | undefined>;
  readonly vpc: (id: string) => Promise<{ readonly cidr: string } | undefined>;
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
  readonly topic: (arn: string) => Promise<FoundTopic | undefined>;
  /** `ENABLED` or `DISABLED`. */
  readonly scheduleState: (name: string) => Promise<string | undefined>;
  /** Names of the alarms that are raised, of all whose name begins so. */
  readonly raisedAlarms: (prefix: string) => Promise<readonly string[]>;
  /** When the newest sound backup of a source was scheduled. */
  readonly newestBackup: (place: BackupPlace) => Promise<Date | undefined>;
}

export interface FoundSecret {
  /** ARN of the customer key that encrypts it. Absent: AWS's own. */
  readonly key?: string;
  /** What is wrong with its content. Absent: the handler can read it. */
  readonly wrong?: string;
}

export interface FoundFunction {
  readonly tags: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
}

export interface FoundTopic {
  readonly tags: Readonly<Record<string, string>>;
  readonly subscriptions: readonly { readonly endpoint: string; readonly confirmed: boolean }[];
}

export interface BackupPlace {
  readonly bucket: string;
  readonly system: string;
  readonly stack: string;
  readonly source: string;
}
