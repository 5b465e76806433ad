import { distance } from "fastest-levenshtein";

/** What a secret is called. The short ones are meant only when they are written exactly. */
const names = ["password", "passwd", "passphrase", "pass", "pwd", "pw", "secret", "token", "credential", "credentials", "private", "key", "auth"];

/** Keys under databases and channels whose values are no secrets. Whatever else stands there may be one, misspelt. */
const harmless = [
  "engine", "atlas", "projectId", "cluster", "allowFrom", "securityGroupId", "host", "port", "database", "sizeGiB", "backup", "every", "keep",
  "elasticache", "replicationGroup", "cacheCluster", "verify", "checksums", "integrity", "restore", "smoke", "maintenanceWindow", "email", "https",
];

/** Keys that take the name of a secret, or of the key that encrypts one. */
const takeNames = ["secret", "secretKey", "key"];

/** True when a key is called as secrets are, with a slip or two: `pasword`, `secrte`, `dbPasswd`, `api_key`. */
export const isCalledSecret = (key: string): boolean =>
  [key, ...key.split(/[^A-Za-z]+|(?<=[a-z])(?=[A-Z])/)].some((word) =>
    names.some((name) => distance(word.toLowerCase(), name) <= slips(name)));

/** A swap of two letters counts as two. */
const slips = (name: string): number => (name.length < 5 ? 0 : name.length === 5 ? 1 : 2);

export const isHarmless = (key: string): boolean => harmless.includes(key);

/** True for what a key of the schema may say in clear: the name of a secret, the ARN of a key. */
export const isNameOfSecret = (key: string, value: string): boolean =>
  takeNames.includes(key) && /^["']?[A-Za-z0-9/_+=.@:!-]{1,512}["']?$/.test(value.trim());
