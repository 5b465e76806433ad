import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CloudWatchLogsClient, CreateLogGroupCommand, CreateLogStreamCommand } from "@aws-sdk/client-cloudwatch-logs";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { dueRun } from "../../../handlers/backup/due.ts";
import { backUpHost } from "../../../handlers/backup/host.ts";
import { recordFault } from "../../support/fault-matrix.ts";
import { startFullObjectS3 } from "../../support/handlers/full-object-s3.ts";
import { makeStore, settingsOf } from "../../support/handlers/test-store.ts";
import { describeWithParts } from "../../support/parts.ts";
import type { S3Server } from "../../support/servers/s3.ts";

describe("the run that is due on a host", () => {
  const due = (UPKEEP_SCHEDULE: string, now: string, UPKEEP_TIME_ZONE = "Europe/Berlin"): string =>
    dueRun({ UPKEEP_SCHEDULE, UPKEEP_TIME_ZONE }, new Date(now)).toISOString();

  it.each([
    ["in the very moment", "cron(0 2 * * ? *)", "2026-11-23T01:00:00Z", "2026-11-23T01:00:00.000Z"],
    ["just before it, yesterday's", "cron(0 2 * * ? *)", "2026-11-23T00:59:59Z", "2026-11-22T01:00:00.000Z"],
    ["after a day that the machine was off, only the newest", "cron(0 2 * * ? *)", "2026-11-25T09:12:00Z", "2026-11-25T01:00:00.000Z"],
    ["on a first Sunday, which SSM's cron does not know", "cron(0 6 ? * 1#1 *)", "2026-11-23T01:00:00Z", "2026-11-01T05:00:00.000Z"],
    ["in summer time", "cron(0 2 * * ? *)", "2026-07-01T12:00:00Z", "2026-07-01T00:00:00.000Z"],
  ])("is, %s, that of its schedule", (_, schedule, now, expected) => expect(due(schedule, now)).toBe(expected));

  it("is none where the schedule or the zone cannot be used", () => {
    expect(() => due("cron(0 2 * * ? *)", "2026-11-23T01:00:00Z", "Berlin")).toThrow("Expected UPKEEP_TIME_ZONE to be a time zone such as Europe/Berlin, it is Berlin.");
    expect(() => due("cron(0 2 1 1 ? 2099)", "2026-11-23T01:00:00Z")).toThrow("has not");
  });
});

describeWithParts("a host whose clock is wrong", ["s3"], () => {
  let server: S3Server;
  beforeAll(async () => {
    server = await startFullObjectS3();
    const logs = new CloudWatchLogsClient(settingsOf(server));
    await logs.send(new CreateLogGroupCommand({ logGroupName: "/upkeep/host" }));
    await logs.send(new CreateLogStreamCommand({ logGroupName: "/upkeep/host", logStreamName: "uploads" }));
  });
  afterAll(() => server.stop());

  it.each([[24 * 60, "ahead"], [-24 * 60, "behind"], [5, undefined]])("by %s minutes is told, and backs nothing up under another night's name: %s", async (minutes, word) => {
    const store = await makeStore(server);
    const uploads = mkdtempSync(join(tmpdir(), "uploads-"));
    onTestFinished(() => rmSync(uploads, { recursive: true }));
    writeFileSync(join(uploads, "a.txt"), "text");
    const run = backUpHost({
      env: {
        UPKEEP_SYSTEM: "campus", UPKEEP_STACK: "prod", UPKEEP_SOURCE: "uploads", UPKEEP_STORE_BUCKET: store.name, UPKEEP_ENGINE: "files", UPKEEP_DATABASE: uploads,
        UPKEEP_SIZE_GIB: "1", UPKEEP_SCHEDULE: "cron(0 2 * * ? *)", UPKEEP_TIME_ZONE: "Europe/Berlin", UPKEEP_LOG_GROUP: "/upkeep/host", UPKEEP_LOG_STREAM: "uploads",
      },
      s3: new S3Client(settingsOf(server)), secrets: new SecretsManagerClient(settingsOf(server)), logs: new CloudWatchLogsClient(settingsOf(server)),
      now: () => new Date(Date.now() + minutes * 60_000),
    }, new AbortController().signal);
    if (word === undefined) return expect(run).resolves.toMatchObject({ outcome: "stored" });
    await expect(run).rejects.toThrow(`it is ${Math.abs(minutes)} minutes ${word}`);
    expect([await store.keys(), await store.unfinished()]).toEqual([[], []]);
    recordFault({ engine: "files", fault: `clock of a host a day ${word}`, happened: `1440 minutes ${word}`, exit: "error", evidence: "no manifest", alarm: "failed, then age", left: "nothing" });
  });
});
