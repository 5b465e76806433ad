/** Who owns a name: part of every name that must be unique in its account and region. */
export interface NameScope {
  readonly system: { readonly name: string };
  readonly stack: string;
}

/** `<system>-<stack>`: what people search for in the console. */
export const scopeName = ({ system, stack }: NameScope): string => `${system.name}-${stack}`;

/** The second backup of a source, once a week: a source of its own to everything that looks at the store. */
export const weeklySource = (source: string): string => `${source}-weekly`;

/** Tables or collections of a database in an open form: a source of its own too. */
export const exportSource = (source: string): string => `${source}-export`;

/** What a stack needs to be rebuilt is a source of this name. */
export const CONFIGURATION_SOURCE = "configuration";

/** `<system>-<stack>-<source>-backup`: the schedule, state machine, function and queue of one backup. AWS allows 64 characters. */
export const backupName = (scope: NameScope, source: string): string => `${scopeName(scope)}-${source}-backup`;

/** Of the layer with the database programs. */
export const toolsLayerName = (scope: NameScope): string => `${scopeName(scope)}-tools`;

/** The cluster of the stack's tasks, and their log group. */
export const tasksName = (scope: NameScope): string => `${scopeName(scope)}-tasks`;

/** The log group of the machines that back themselves up. */
export const hostsName = (scope: NameScope): string => `${scopeName(scope)}-hosts`;

/** The function that checks a source, and the queue of its calls that could not be made. No longer than a backup's. */
export const verificationName = (scope: NameScope, source: string): string => `${scopeName(scope)}-${source}-verify`;

/** The schedules that call it: no longer than a backup's either. */
export const checkScheduleName = (scope: NameScope, source: string, level: "checksums" | "decode"): string =>
  `${scopeName(scope)}-${source}-${level === "checksums" ? "sums" : "decode"}`;

/** `<system>-<stack>-<source>-drill`: the schedule, state machine, task and queue of a restore drill. No longer than a backup's either. */
export const drillName = (scope: NameScope, source: string): string => `${scopeName(scope)}-${source}-drill`;

/** Start of a bucket name; a stable suffix makes it unique in the world. AWS allows 63 characters in all. */
export const storeBucketPrefix = (scope: NameScope): string => `${scopeName(scope)}-backups-`;

/** Of the bucket into which a service exports what is then stored. No longer than a store's. */
export const exportBucketPrefix = (scope: NameScope): string => `${scopeName(scope)}-exports-`;

/** The functions that serve the whole stack. Their alerts are named as those of a source are, so no source may be called so. */
export const functionNames = { evidence: "evidence", retention: "retention" } as const;

/** `accounts-schedule`: what a backup's own roles end in, beside the one of its function. */
export const rolesOfBackup = ["schedule", "workflow"] as const;

/** Of a test restore in AWS Backup, which allows letters, digits and underscores, 50 at most. */
export const restoreTestName = (scope: NameScope, source: string): string => `${scopeName(scope)}_${source}`.replaceAll("-", "_").slice(0, 50);
