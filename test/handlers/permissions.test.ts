import { afterAll, beforeAll, expect, it } from "vitest";
import { backupConfigurationGrants, backupCopiesGrants, backupDatabaseGrants, backupFilesGrants, evidenceGrants, type Grant, retentionGrants, verificationGrants } from "../../practice/contract/permissions.ts";
import { workPrefix } from "../../practice/contract/inventory.ts";
import { startFullObjectS3 } from "../support/handlers/full-object-s3.ts";
import type { Call } from "../support/iam/call.ts";
import { handlersAtWork } from "../support/iam/handlers-at-work.ts";
import { putSecret, type Worked } from "../support/iam/stage.ts";
import { describeWithParts } from "../support/parts.ts";
import type { S3Server } from "../support/servers/s3.ts";

const granted = (grants: readonly Grant[]): readonly string[] =>
  [...new Set(grants.flatMap(({ on, actions }) => actions.map((action) => `${on} ${action}`)))].toSorted();

const made = ({ calls, placeOf }: Worked): readonly string[] => {
  const partOf = (place: string, part: string): string => (place === "" ? part : `${place}-${part}`);
  const isEvidence = ({ action, key = "" }: Call): boolean => action === "s3:PutObject" && key.startsWith("campus/evidence/accounts/");
  const isWork = ({ part, key = "" }: Call): boolean => part === "objects" && key.startsWith(workPrefix("campus", "media"));
  const targetOf = (call: Call): string => (isEvidence(call) ? "evidence-objects" : isWork(call) ? "work-objects" : partOf(placeOf(call), call.part));
  return [...new Set(calls.map((call) => `${targetOf(call)} ${call.action}`))].toSorted();
};

describeWithParts("the calls of a handler are just those that it is granted", ["s3"], () => {
  let server: S3Server;
  beforeAll(async () => {
    server = await startFullObjectS3();
    await putSecret(server);
  });
  afterAll(() => server.stop());

  it("for the backup of a database", async () => {
    expect(made(await handlersAtWork.database(server))).toEqual(granted(backupDatabaseGrants));
  });

  it("for the backup of a bucket", async () => {
    expect(made(await handlersAtWork.files(server))).toEqual(granted(backupFilesGrants));
  }, 60_000);

  it("for the backup of a bucket by copies", async () => {
    expect(made(await handlersAtWork.copies(server))).toEqual(granted(backupCopiesGrants));
  }, 60_000);

  it("for the backup of a configuration", async () => {
    expect(made(await handlersAtWork.configuration(server))).toEqual(granted(backupConfigurationGrants));
  }, 60_000);

  it("for the checks of a source", async () => {
    expect(made(await handlersAtWork.verification(server))).toEqual(granted(verificationGrants));
  });

  it("for evidence", async () => {
    expect(made(await handlersAtWork.evidence(server))).toEqual(granted(evidenceGrants));
  });

  it("for retention", async () => {
    expect(made(await handlersAtWork.retention(server))).toEqual(granted(retentionGrants));
  });
});
