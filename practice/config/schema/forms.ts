import { isIPv4 } from "node:net";
import type { DeferredText } from "../deferred.ts";
import { isDeferred } from "../deferred.ts";
import type { Identifier } from "../settings.ts";
import { meaning, noMeaning } from "../words/parsed.ts";
import { leaf, text } from "./leaf.ts";

/** Names something in the cloud: text of a known form, or the Output that will hold it. */
const identifier = (pattern: RegExp, expected: string, example: string, { refuse, hides = false }: { readonly refuse?: RegExp; readonly hides?: boolean } = {}) =>
  leaf<Identifier, string | DeferredText>((value) => {
    if (isDeferred(value)) return meaning(value);
    if (typeof value === "string" && pattern.test(value) && refuse?.test(value) !== true) return meaning(value);
    const wayOut = `write it as \`${example}\``;
    return hides && typeof value === "string" ? { problem: { expected, wayOut, got: "something else (not shown)" } } : noMeaning(expected, wayOut);
  });

/** EC2 ids have 17 hexadecimal digits; those from before 2016 have 8. */
const ec2Id = (prefix: string, noun: string) =>
  identifier(new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`), `the id of ${noun}`, `${prefix}-0a1b2c3d4e5f60718`);

export const vpcId = ec2Id("vpc", "a VPC");
export const subnetId = ec2Id("subnet", "a subnet");
export const routeTableId = ec2Id("rtb", "a route table");
export const securityGroupId = ec2Id("sg", "a security group");

/** What SSM calls a managed node: an EC2 instance, or a machine elsewhere that was activated as a hybrid node. */
export const instanceId = identifier(/^(i-([0-9a-f]{8}|[0-9a-f]{17})|mi-[0-9a-f]{17})$/, "the id of an EC2 instance (i-...) or a hybrid node (mi-...)", "i-0a1b2c3d4e5f60718");

export const hostRole = identifier(/^[\w+=,.@-]{1,64}$/, "the name of the IAM role that the host has (not its ARN)", "web-1");

/** Quoted, or YAML reads a number and drops the zeros that an account may begin with. */
export const accountId = identifier(/^\d{12}$/, "an AWS account, 12 digits in quotes", '"123456789012"');

const arn = (service: string, resource: string): RegExp => new RegExp(`^arn:aws(-[a-z]+)*:${service}:[a-z0-9-]+:\\d{12}:${resource}$`);

export const toolsLayer = identifier(
  arn("lambda", String.raw`layer:[A-Za-z0-9_-]{1,140}:\d+`),
  "the ARN of a version of a Lambda layer", "arn:aws:lambda:eu-central-1:123456789012:layer:upkeep-tools:1",
);

export const kmsKey = identifier(
  arn("kms", "key/[A-Za-z0-9-]+"),
  "the ARN of a KMS key", "arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f",
  { hides: true },
);

export const rdsResource = identifier(
  arn("rds", "(db|cluster):[A-Za-z][A-Za-z0-9-]{0,62}"),
  "the ARN of an RDS instance or cluster", "arn:aws:rds:eu-central-1:123456789012:db:campus-accounts",
);

const nameOfSecret = "the name of a Secrets Manager secret (not its ARN, not its value)";

/** What stands here by mistake is often the secret itself: it is never repeated. `example`: a name that fits what the secret is for. */
export const secretName = (example: string) => leaf<Identifier, string | DeferredText>((value) => {
  if (isDeferred(value) || (typeof value === "string" && /^[A-Za-z0-9/_+=.@-]{1,512}$/.test(value))) return meaning(value);
  if (value === undefined || value === null || value === "" || typeof value === "object") return noMeaning(nameOfSecret, `write it as \`${example}\``);
  return {
    problem: {
      expected: nameOfSecret, got: "a value that is no name (not shown)",
      wayOut: typeof value === "string" && /^arn:[\w:/!@.+=-]*$/.test(value)
        ? "write the name alone: what follows `:secret:`, without the hyphen and the six characters at its end"
        : `put it into a Secrets Manager secret and write that secret's NAME here, such as \`${example}\`; if it is a password, it can be read by everyone who reads this, so change it as well`,
    },
  };
});

/** ElastiCache keeps ids in lower case. A group's has at most 40 characters, a cluster's 50 (API reference). */
const cacheId = (most: number, noun: string, example: string) =>
  identifier(new RegExp(`^(?=.{1,${most}}$)[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*$`), `the id of ${noun} of ElastiCache (not its endpoint, not its ARN)`, example);

export const replicationGroupId = cacheId(40, "a replication group", "campus-sessions");
export const cacheClusterId = cacheId(50, "a cluster", "campus-sessions-001");

export const hostName = identifier(
  /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$/,
  "the name of the database's host, without scheme or port", "accounts.abc123.eu-central-1.rds.amazonaws.com",
);

export const bucketName = identifier(
  /^[a-z0-9]([a-z0-9.-]{1,61})[a-z0-9]$/,
  "the name of an S3 bucket: 3 to 63 lower case letters, digits, hyphens and dots", "campus-uploads",
  { refuse: /\.\.|^\d+(\.\d+){3}$|^xn--|-s3alias$/ },
);

/** With a slash at its end, as everything below it begins. The root is refused: it is every parameter of the account. */
export const parameterPath = leaf<string>((value) =>
  (typeof value === "string" && /^(\/[A-Za-z0-9_.-]+){1,14}\/?$/.test(value) && !/^\/(aws|ssm)\b/i.test(value)
    ? meaning(value.endsWith("/") ? value : `${value}/`)
    : noMeaning("the path of SSM parameters of yours, from a slash on", "write it as `/campus/prod/`")));

export const atlasProjectId = identifier(/^[0-9a-f]{24}$/, "the id of an Atlas project, 24 hexadecimal digits", "64f0c0ffee64f0c0ffee64f0");
export const atlasCluster = text(/^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/, "the name of an Atlas cluster", "campus-prod");

export const region = text(/^[a-z]{2}(-[a-z]+){1,2}-\d$/, "an AWS region", "eu-central-1");
export const stackReference = text(/^[\w.-]+\/[\w.-]+\/[\w.-]+$/, "another stack as organization/project/stack", "acme/network/prod");
export const outputName = text(/^[A-Za-z_]\w*$/, "the name of an output of that stack", "vpcId");
export const email = text(/^[^\s@<>"]+@[^\s@<>".]+(\.[^\s@<>".]+)+$/, "an e-mail address", "platform@campus.example");
export const filled = (expected: string, example: string) => text(/\S/, expected, example);

/** Passed to pg_dump and mongodump: a name with `=` or `/` would be read as a connection string. */
export const databaseName = text(/^[A-Za-z_][A-Za-z0-9_-]{0,62}$/, "the name of a database: letters, digits, underscores and hyphens", "campus");
export const redisDatabase = text(/^\d{1,5}$/, "the number of a Redis database, in quotes", '"0"');

export const timeOfDay = text(/^([01]\d|2[0-3]):[0-5]\d$/, "a time of day from 00:00 to 23:59", '"20:00"');

/** Nobody decides a year ahead: such a date is a slip in the year. */
const MOST_AHEAD_MILLISECONDS = 366 * 86_400_000;

/** YAML readers of Go turn an unquoted day into an instant, and Pulumi hands that over as Go writes it; all are the day. */
export const day = (now: Date) => leaf<string>((value) => {
  const match = typeof value === "string" ? /^(?<date>\d{4}-\d{2}-\d{2})(T00:00:00Z| 00:00:00 \+0000 UTC)?$/.exec(value) : null;
  const date = match?.groups?.date;
  const real = date !== undefined && !Number.isNaN(Date.parse(date)) && new Date(date).toISOString().startsWith(date);
  if (!real) return noMeaning("a day as year, month and day", "write it as `2026-11-23`");
  return Date.parse(date) - now.getTime() <= MOST_AHEAD_MILLISECONDS
    ? meaning(date)
    : noMeaning("a day that is past or within a year", `look at the year: today is \`${now.toISOString().slice(0, 10)}\``);
});

/** One block of addresses that Atlas lets in. */
export const addressBlock = leaf<string>((value) => {
  const [address = "", bits = "", ...rest] = typeof value === "string" ? value.split("/") : [];
  if (!isIPv4(address) || !/^\d{1,2}$/.test(bits) || Number(bits) > 32 || rest.length > 0) {
    return noMeaning("a block of IPv4 addresses (CIDR)", "write it as `203.0.113.10/32`");
  }
  if (Number(bits) === 0) return noMeaning("a block smaller than the whole internet", "name the public addresses of your NAT gateways, such as `203.0.113.10/32`");
  return meaning(`${address}/${bits}`);
});

export const webAddress = (schemes: readonly ("http" | "https")[], example: string) =>
  leaf<string>((value) => {
    const scheme = schemes.find((name) => typeof value === "string" && value.startsWith(`${name}://`));
    const usable = scheme !== undefined && typeof value === "string" && !/\s/.test(value) && URL.canParse(value);
    return usable ? meaning(value) : noMeaning(`an address that begins with ${schemes.join(":// or ")}://`, `write it as \`${example}\``);
  });

export const gibibytes = leaf<number, number>((value) =>
  typeof value === "number" && Number.isFinite(value) && value > 0
    ? meaning(value)
    : noMeaning("a size in GiB, above 0", "write the number alone, such as `12`: the unit is in the key's name"));

export const port = leaf<number, number>((value) =>
  typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 65_535
    ? meaning(value)
    : noMeaning("a TCP port from 1 to 65535", "write the number alone, such as `5432`"));
