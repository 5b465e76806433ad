import type { AgeAlertKey, AlertKey } from "./alert-keys.ts";
import type { CatalogId } from "../catalog/item.ts";
import type { Identifier } from "./identifier.ts";
import type { BackupSettings, ConfigurationSettings, DatabaseSettings, FilesSettings, HostSettings, RepositorySettings } from "./source-settings.ts";

export type * from "./identifier.ts";
export type * from "./source-settings.ts";

/** How urgent an alert is. P0: complete outage. P1: major feature down. P2: minor feature degraded. P3: cosmetic. */
export const severities = ["P0", "P1", "P2", "P3"] as const;
export type Severity = (typeof severities)[number];

/** What the stack file says, parsed once: words are numbers with units in their names, defaults are filled in. */
export interface Settings {
  readonly stack: string;
  /** Region of the stack (`aws:region`). */
  readonly region: string;
  readonly system: SystemSettings;
  readonly store: StoreSettings;
  /** Machines that back up by themselves what lies on them. */
  readonly hosts: Readonly<Record<string, HostSettings>>;
  readonly databases: Readonly<Record<string, DatabaseSettings>>;
  readonly files: Readonly<Record<string, FilesSettings>>;
  /** Repositories of code, each backed up. */
  readonly repositories: Readonly<Record<string, RepositorySettings>>;
  /** A second backup of every database and bucket that is backed up, kept apart from the first. Absent: there is none. */
  readonly weekly?: BackupSettings;
  /** Absent: what the stack needs to be rebuilt is not backed up. */
  readonly configuration?: ConfigurationSettings;
  readonly endpoints: Readonly<Record<string, EndpointSettings>>;
  readonly alerts: AlertSettings;
  readonly channels: Readonly<Record<string, ChannelSettings>>;
  readonly routing: Readonly<Partial<Record<Severity, RouteSettings>>>;
  /** Hours of the day in which this stack alerts nobody. Absent: it always may. */
  readonly quietHours?: QuietHours;
  /** Present when the system is watched in Datadog too: it shows, AWS pages. */
  readonly datadog?: DatadogSettings;
  readonly notApplicable: Readonly<Partial<Record<CatalogId, NotApplicable>>>;
}

export interface SystemSettings {
  /** Short name, part of every resource name. 2 to 20 characters: lower case letters, digits, single hyphens. */
  readonly name: string;
  /** AWS account that the stack belongs to, 12 digits: with it every ARN in a policy is known before anything exists. */
  readonly account: Identifier;
  /** Who answers for the system: an e-mail address. */
  readonly owner: string;
  /** IANA time zone in which schedules without one of their own are meant, e.g. `Europe/Berlin`. */
  readonly timeZone: string;
  /** True when losing this system loses customers' data: then a second region is demanded. Default: false. */
  readonly production: boolean;
  /** Address under which the runbooks are published, without a slash at the end. Alerts link to pages below it. */
  readonly runbooks: string;
  /** Where the functions run when a database lives in a private network. */
  readonly network?: NetworkSettings;
  /** ARN of a Lambda layer with the programs that dump. Default: the stack makes its own from the zip that `npm run tools` builds. */
  readonly toolsLayer?: Identifier;
  /** What is too large for a function runs as a task of Fargate. Absent: nothing does, and a source above a function's limit is refused. */
  readonly fargate?: FargateSettings;
}

export interface FargateSettings {
  /** Container images, each by registry, name and digest: `public.ecr.aws/docker/library/node@sha256:...`. */
  readonly images: {
    /** Runs our bundles. */
    readonly node: string;
    /** Fetches them from the store before. */
    readonly awsCli: string;
    /** Beside a restore drill of the engine, as its scratch server. */
    readonly postgresql?: string;
    readonly mongodb?: string;
    readonly redis?: string;
  };
}

export type NetworkSettings = NetworkById | NetworkByReference;

/** What a backup function in closed subnets talks to: S3 through a gateway endpoint, the rest through interfaces. */
export const endpointServices = ["s3", "secretsmanager", "kms", "states", "logs", "ecr.api", "ecr.dkr"] as const;
export type EndpointService = (typeof endpointServices)[number];

interface NetworkEgress {
  /** `nat`: the subnets reach the internet through a NAT gateway. `endpoints`: they do not, and the plan declares VPC endpoints. */
  readonly egress: "nat" | "endpoints";
  /** Services whose endpoints the network has already: a second one for the same name would be refused. Default: none. */
  readonly existing: readonly EndpointService[];
}

export interface NetworkById extends NetworkEgress {
  readonly kind: "ids";
  readonly vpcId: Identifier;
  readonly privateSubnetIds: readonly Identifier[];
  /** Route tables of the subnets: the gateway endpoint for S3 is added to them. Asked for with `egress: endpoints`. */
  readonly routeTableIds: readonly Identifier[];
  /** Addresses of the VPC: its endpoints answer everyone in it, not only us. Asked for with `egress: endpoints`. */
  readonly cidr?: string;
}

export interface NetworkByReference extends NetworkEgress {
  readonly kind: "stack";
  /** Another Pulumi stack, `organization/project/stack`. */
  readonly stackReference: string;
  /** Names of that stack's outputs. */
  readonly outputs: { readonly vpcId: string; readonly privateSubnetIds: string; readonly routeTableIds: string; readonly cidr: string };
}

export interface StoreSettings {
  /** Region that holds a second copy of every backup. */
  readonly secondRegion?: string;
  /** Backups cannot be deleted by anyone (compliance) or without a special permission (governance) for this long. */
  readonly lock?: { readonly mode: "governance" | "compliance"; readonly days: number };
}

export interface EndpointSettings {
  readonly url: string;
  /** Seconds between two checks from outside. */
  readonly everySeconds: number;
  readonly p95?: { readonly warningMilliseconds: number; readonly criticalMilliseconds: number };
}

/** What only this system wants otherwise, by kind of alert. Absent: the alert's own default (see `practice/plan/alerts.ts`). */
export type AlertSettings = { readonly [Key in AlertKey]?: Key extends AgeAlertKey ? AgeAlertSettings : AnyAlertSettings };

interface AnyAlertSettings {
  readonly severity?: Severity;
}

export interface AgeAlertSettings extends AnyAlertSettings {
  /** Seconds past its schedule from which it is too old. Default: two hours or its longest run for a backup, a day for a check. */
  readonly lateSeconds?: number;
}

export type ChannelSettings =
  | { readonly kind: "email"; readonly address: string }
  | { readonly kind: "https"; readonly url: string };

export interface RouteSettings {
  readonly respondWithinSeconds: number;
  /** Names of channels. At least one. */
  readonly to: readonly string[];
}

export interface QuietHours {
  /** Local time, `HH:MM`, in the system's time zone. */
  readonly from: string;
  readonly until: string;
  readonly timeZone: string;
}

export interface DatadogSettings {
  readonly site: string;
}

export interface NotApplicable {
  readonly reason: string;
  readonly owner: string;
  /** Day of the decision, `yyyy-mm-dd`. */
  readonly date: string;
}
