import { describe, expect, it } from "vitest";
import type { Settings } from "../../../practice/config/settings.ts";
import { nowhere, StackFileError } from "../../../practice/config/problems.ts";
import { soundPlan } from "../../../practice/plan/index.ts";
import { broken, read, refusal } from "./campus.ts";

const hosts = "  upkeep:hosts: { web-1: { instanceId: i-0a1b2c3d4e5f60718, role: campus-web } }\n  upkeep:files:\n    uploads: {";
const onHost = (uploads = " host: web-1, path: /app/uploads/,", file = broken("  upkeep:files:\n    uploads: { bucket: campus-uploads,", `${hosts}${uploads}`)): string => file;
const database = (changed: string): string => onHost().replace("      securityGroupId: sg-0a1b2c3d\n", changed);
const messagesOf = (attempt: () => unknown): string => refusal(attempt).split("\n").slice(2).map((line) => line.trim()).join("\n");

/** With the routes that the alerts need, so that only what is asked about is wrong. */
const routed = (settings: Settings): Settings => {
  const route = { respondWithinSeconds: 3600, to: ["hook"] };
  return { ...settings, routing: { P0: route, P1: route, P2: route, P3: route } };
};

describe("what lies on a host", () => {
  it("is named by host and path, or by runsOn and host", () => {
    const settings = read(database("      runsOn: host\n      host: web-1\n"));
    expect(settings.hosts).toEqual({ "web-1": { instanceId: "i-0a1b2c3d4e5f60718", role: "campus-web" } });
    expect(settings.files.uploads).toMatchObject({ host: "web-1", path: "/app/uploads" });
    expect(settings.databases.accounts).toMatchObject({ runsOn: "host", host: "web-1", port: 5432 });
    expect(settings.databases.accounts).not.toHaveProperty("securityGroupId");
  });

  it("needs no network", () => {
    const withoutNetwork = database("      runsOn: host\n      host: web-1\n").replace(/ {4}network:\n( {6}.*\n)+/, "");
    expect(read(withoutNetwork).system.network).toBeUndefined();
  });

  it.each([
    ["files in a bucket and on a host", onHost(" bucket: campus-uploads, host: web-1, path: /app,"),
      "Expected files in one place, got \"campus-uploads\". Keep `bucket`, or `host` and `path`; what lies in both is two sources."],
    ["a path without a host", onHost(" path: /app,"), "Expected the name of one of upkeep:hosts, got nothing. Write it as `web-1`."],
    ["a relative path", onHost(" host: web-1, path: app/uploads,"), "Expected the absolute path of a folder on the host, not the root, got \"app/uploads\". Write it as `/app/uploads`."],
    ["the root", onHost(" host: web-1, path: /,"), "Expected the absolute path of a folder on the host, not the root, got \"/\". Write it as `/app/uploads`."],
    ["a path that climbs", onHost(" host: web-1, path: /app/../etc,"), "got \"/app/../etc\". Write it as `/app/uploads`."],
    ["a path that SSM would read as a parameter", onHost(" host: web-1, path: \"/app/{{ x }}\","), "Write it as `/app/uploads`."],
    ["a key of a bucket", onHost(" host: web-1, path: /app, key: arn:aws:kms:eu-central-1:123456789012:key/0a1b,"), "Expected a key: host, path, bucket, sizeGiB, backup or verify, got \"key\"."],
    ["no machine that SSM knows", onHost().replace("i-0a1b2c3d4e5f60718", "web-1"), "Expected the id of an EC2 instance (i-...) or a hybrid node (mi-...), got \"web-1\". Write it as `i-0a1b2c3d4e5f60718`."],
    ["a role by its ARN", onHost().replace("role: campus-web", "role: \"arn:aws:iam::123456789012:role/web\""), "Expected the name of the IAM role that the host has (not its ARN)"],
    ["a Node.js somewhere", onHost().replace("role: campus-web", "role: campus-web, node: node"), "Expected the absolute path of Node.js on the host, got \"node\". Write it as `/usr/local/bin/node`."],
    ["a database on a host without one", database("      runsOn: host\n"), "Expected the name of one of upkeep:hosts, got nothing. Write it as `web-1`."],
    ["a security group on a host", database("      runsOn: host\n      host: web-1\n      securityGroupId: sg-0a1b2c3d\n"), "got \"securityGroupId\"."],
    ["somewhere else", database("      runsOn: lambda\n      securityGroupId: sg-0a1b2c3d\n"), "Expected where its backups run, vpc or host, got \"lambda\"."],
    ["Atlas on a host", database("      runsOn: host\n      host: web-1\n").replace("engine: postgresql", "engine: mongodb-atlas"), "Expected an engine that runs on a host: mongodb, postgresql or redis, got \"mongodb-atlas\"."],
    ["a name with an underscore", onHost().replace("{ web-1: {", "{ web_1: {"), "got \"web_1\". Write `web-1`."],
  ])("is refused with the way out: %s", (_, file, message) => {
    expect(messagesOf(() => read(file))).toContain(message);
  });

  it.each([
    ["a file's host that nobody described", onHost(" host: web-2, path: /app,"), "upkeep:files.uploads.host", "Expected the name of one of upkeep:hosts (web-1), got \"web-2\". Did you mean `web-1`?"],
    ["a database's host that nobody described", database("      runsOn: host\n      host: mongo\n"), "upkeep:databases.accounts.host", "Expected the name of one of upkeep:hosts (web-1), got \"mongo\". Add it there: `mongo: { instanceId: i-..., role: <name of its IAM role> }`."],
    ["a host for a function to look for", database("      host: web-1\n      securityGroupId: sg-0a1b2c3d\n"), "upkeep:databases.accounts.host", "which upkeep:hosts has. Add `runsOn: host` to have it backed up on that machine, and remove securityGroupId."],
  ])("is refused when the plan is made: %s", (_, file, path, message) => {
    const settings = routed(read(file.replace("sizeGiB: 40", "sizeGiB: 4")));
    expect(() => soundPlan(settings, nowhere)).toThrow(StackFileError);
    expect(refusal(() => soundPlan(settings, nowhere))).toContain(path);
    expect(refusal(() => soundPlan(settings, nowhere))).toContain(message);
  });
});
