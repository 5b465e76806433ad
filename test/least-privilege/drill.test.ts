import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runVerification } from "../../handlers/verify/run.ts";
import { s3Store } from "../../handlers/store/s3/s3-store.ts";
import { drillGrants } from "../../practice/contract/permissions.ts";
import { putBackup } from "../support/handlers/backups.ts";
import { scratchWith } from "../support/handlers/checks.ts";
import { startFullObjectS3 } from "../support/handlers/full-object-s3.ts";
import { makeStore } from "../support/handlers/test-store.ts";
import { type Authority, authorityOf } from "../support/iam/authority.ts";
import type { Call } from "../support/iam/call.ts";
import { ACCOUNT, declareStack, type DeclaredStack } from "../support/iam/declared-stack.ts";
import { drills } from "../support/iam/implied.ts";
import { type PolicyDocument, permissionsIn, without } from "../support/iam/policy-document.ts";
import { recorderAt } from "../support/iam/recorder.ts";
import { describeWithParts } from "../support/parts.ts";
import type { S3Server } from "../support/servers/s3.ts";

const ROLE = "aws:iam/role:Role";
const CODE = ".code/drill/";

describeWithParts("the roles of a restore drill allow what it does, and nothing else", ["s3"], () => {
  let server: S3Server;
  let stack: DeclaredStack;
  let authority: Authority;
  let drilled: readonly Call[];
  let fetched: readonly Call[];
  beforeAll(async () => {
    stack = await declareStack();
    authority = authorityOf(stack);
    server = await startFullObjectS3();
    [drilled, fetched] = [await aDrillTwice(), await aFetchOfItsCode()];
  });
  afterAll(() => server.stop());

  /** Restored and written down, then delivered once more. */
  async function aDrillTwice(): Promise<readonly Call[]> {
    const [recorder, store] = [recorderAt(server), await makeStore(server)];
    const { dump } = await putBackup(store, { scheduledAt: "2026-11-23T02:00:00Z", rows: "all the rows" });
    const versionId = await store.write({ key: dump, body: bytesOf("all the rows"), sizeGiB: 1, signal: new AbortController().signal });
    await putBackup(store, { scheduledAt: "2026-11-23T02:00:00Z", rows: "all the rows", versionId });
    const now = (): Date => new Date("2026-11-23T12:00:00Z");
    const ports = { store: s3Store({ s3: recorder.s3(), name: store.name }), now, signal: new AbortController().signal, openTarget: () => Promise.resolve(scratchWith({ counts: {} })) };
    const job = { system: "campus", stack: "prod", source: "accounts", level: "restore", scheduledAt: now() } as const;
    // The manifest of this backup counts nothing: what is said of it does not matter here, that it is written does.
    for (const _ of ["first", "second"]) await expect(runVerification(job, ports)).rejects.toThrow("proves nothing");
    return recorder.calls;
  }

  async function aFetchOfItsCode(): Promise<readonly Call[]> {
    const [recorder, store] = [recorderAt(server), await makeStore(server)];
    await store.put(`${CODE}index.mjs`, "export const task = 1;");
    const s3 = recorder.s3();
    await s3.send(new ListObjectsV2Command({ Bucket: store.name, Prefix: CODE }));
    await s3.send(new GetObjectCommand({ Bucket: store.name, Key: `${CODE}index.mjs` }));
    return recorder.calls;
  }

  const storeArn = (): string => stack.arnOf("aws:s3/bucket:Bucket", "campus-backups");
  const answers = async (role: string, needs: readonly (readonly [action: string, resource: string])[], policy: PolicyDocument, context = {}): Promise<readonly string[]> => {
    const said = await Promise.all(needs.map(([action, resource]) => authority.answer({ principal: stack.arnOf(ROLE, role), action, resource, context }, policy)));
    return needs.filter((_, index) => said[index] === "denied").map(([action, resource]) => `${action} on ${resource}`);
  };
  const needsOf = (calls: readonly Call[]): readonly (readonly [string, string])[] => calls.map(({ action, part, key = "" }) =>
    [action, part === "key" ? stack.arnOf("aws:kms/key:Key", "campus-backups") : part === "bucket" ? storeArn() : `${storeArn()}/${key}`]);

  it("the task calls just what its program is granted", () => {
    const isEvidence = ({ key = "" }: Call): boolean => key.startsWith("campus/evidence/accounts/");
    const made = new Set(drilled.map((call) => `${call.part === "objects" && isEvidence(call) ? "evidence-objects" : `store-${call.part}`} ${call.action}`));
    expect([...made].toSorted()).toEqual(drillGrants.flatMap(({ on, actions }) => actions.map((action) => `${on} ${action}`)).toSorted());
  });

  it.each(drills)("the task of %s may do all that it does, needs all that it may, and may nothing with another source or a secret", async (drill) => {
    const role = `campus-${drill}-task`;
    const source = drill.replace(/-drill$/, "");
    const policy = stack.rolePolicy(role);
    const needs = [...needsOf(drilled), ...needsOf(fetched)].map(([action, resource]) => [action, resource.replace("/accounts/", `/${source}/`)] as const);
    expect(needs.length).toBeGreaterThan(10);
    expect(await answers(role, needs, policy)).toEqual([]);
    for (const permission of permissionsIn(policy)) expect([permission, (await answers(role, needs, without(policy, permission))).length > 0]).toEqual([permission, true]);
    const others = [
      ["s3:GetObject", `${storeArn()}/campus/uploads/2026/11/dump`], ["s3:GetObject", `${storeArn()}/.code/backup/index.mjs`],
      ["s3:PutObject", `${storeArn()}/campus/${source}/2026/11/manifest.json`], ["s3:PutObject", `${storeArn()}/campus/evidence/uploads/2026/11/a.json`], ["s3:PutObject", `${storeArn()}/${CODE}index.mjs`],
      ["secretsmanager:GetSecretValue", `arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:database-a1B2c3`],
    ] as const;
    expect(await answers(role, others, policy)).toHaveLength(others.length);
  });
});

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text));
}
