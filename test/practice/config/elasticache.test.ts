import { describe, expect, it } from "vitest";
import { broken, read, refusal } from "./campus.ts";

const ACCOUNTS = "      securityGroupId: sg-0a1b2c3d\n";
const cache = (said: string, also = ""): string => broken("  upkeep:files:\n", `    carts:\n      engine: redis\n      elasticache: ${said}\n      sizeGiB: 2\n      backup: { every: daily at 04:00 }\n${also}  upkeep:files:\n`);
const messagesOf = (attempt: () => unknown): string => refusal(attempt).split("\n").map((line) => line.trim()).join("\n");

describe("a Redis that ElastiCache runs", () => {
  it("is named by its replication group, or by its node, and by nothing that a login needs", () => {
    expect(read(cache("{ replicationGroup: campus-carts }")).databases.carts).toMatchObject({ engine: "redis", database: "0", elasticache: { replicationGroup: "campus-carts" }, sizeGiB: 2 });
    expect(read(cache("{ cacheCluster: campus-carts-001 }")).databases.carts).toMatchObject({ elasticache: { cacheCluster: "campus-carts-001" } });
    expect(read(cache("{ replicationGroup: campus-carts }")).databases.carts).not.toHaveProperty("secret");
  });

  it("needs no network", () => {
    const alone = cache("{ replicationGroup: campus-carts }").replace(/ {4}network:\n( {6}.*\n)+/, "");
    expect(refusal(() => read(alone))).not.toContain("carts");
  });

  it.each([
    ["neither of the two", "{}", "", "Expected a replicationGroup or a cacheCluster, got nothing. Write `elasticache: { replicationGroup: campus-sessions }`"],
    ["both", "{ replicationGroup: carts, cacheCluster: carts-001 }", "", "Expected a replicationGroup or a cacheCluster, got both."],
    ["an endpoint", "{ replicationGroup: master.carts.abc123.euc1.cache.amazonaws.com }", "", "Expected the id of a replication group of ElastiCache (not its endpoint, not its ARN), got \"master.carts"],
    ["an ARN", "{ cacheCluster: \"arn:aws:elasticache:eu-central-1:123456789012:cluster:carts\" }", "", "Expected the id of a cluster of ElastiCache (not its endpoint, not its ARN)"],
    ["a serverless cache", "{ serverlessCache: carts }", "", "got \"serverlessCache\"."],
    ["a name alone", "carts", "", "Expected the keys replicationGroup and cacheCluster, got \"carts\""],
    ["a secret", "{ replicationGroup: carts }", "      secret: campus/prod/redis\n", "Expected no secret beside elasticache, whose snapshots are exported without a login, got \"campus/prod/redis\". Remove it."],
    ["a security group", "{ replicationGroup: carts }", `${ACCOUNTS}`, "Expected no securityGroupId beside elasticache"],
    ["a host", "{ replicationGroup: carts }", "      host: master.carts.abc123.euc1.cache.amazonaws.com\n", "Expected no host beside elasticache"],
    ["a machine", "{ replicationGroup: carts }", "      runsOn: host\n", "Expected where its backups run, vpc or host"],
  ])("is refused with the way out: %s", (_, said, also, message) => {
    expect(messagesOf(() => read(cache(said, also)))).toContain(message);
  });

  it("is Redis", () => {
    expect(messagesOf(() => read(cache("{ replicationGroup: carts }").replace("engine: redis", "engine: valkey")))).toContain("Expected an engine that ElastiCache exports: redis, got \"valkey\". Write `engine: redis`.");
  });
});
