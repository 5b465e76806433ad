import { afterAll, beforeAll, expect, it } from "vitest";
import { backupOnHostGrants } from "../../practice/contract/permissions.ts";
import { daily } from "../support/campus.ts";
import { everySetting } from "../support/everything.ts";
import { startFullObjectS3 } from "../support/handlers/full-object-s3.ts";
import { type Authority, authorityOf } from "../support/iam/authority.ts";
import type { Call } from "../support/iam/call.ts";
import { ACCOUNT, declareStack, type DeclaredStack, systemKeys } from "../support/iam/declared-stack.ts";
import { granted } from "../support/iam/granted.ts";
import { hostAtWork, onHost } from "../support/iam/host-at-work.ts";
import { type PolicyDocument, permissionsIn, without } from "../support/iam/policy-document.ts";
import type { Request } from "../support/iam/simulate.ts";
import { putSecret, secretName } from "../support/iam/stage.ts";
import { describeWithParts } from "../support/parts.ts";
import type { S3Server } from "../support/servers/s3.ts";

const principal = `arn:aws:iam::${ACCOUNT}:role/campus-web`;
const CODE = ".code/hosts/";

describeWithParts("the role of a machine allows what its script and its program call, and nothing else", ["s3"], () => {
  let server: S3Server;
  let stack: DeclaredStack;
  let authority: Authority;
  let policy: PolicyDocument;
  let worked: Awaited<ReturnType<typeof hostAtWork>> | undefined;
  beforeAll(async () => {
    const every = everySetting();
    stack = await declareStack({
      databases: {
        ...every.databases,
        [onHost.database]: {
          engine: "postgresql", runsOn: "host", host: "web-1", port: 5432, database: "bookings", secret: secretName, secretKey: systemKeys.secret,
          sizeGiB: 2, verify: {}, backup: { schedule: daily(), keepDays: 7 },
        },
      },
    });
    authority = authorityOf(stack);
    policy = stack.the("aws:iam/policy:Policy", "campus-hosts-web-1").inputs.policy as PolicyDocument;
    server = await startFullObjectS3();
    await putSecret(server);
  });
  afterAll(() => server.stop());

  const logGroup = (): string => String(stack.the("aws:cloudwatch/logGroup:LogGroup", "campus-hosts").inputs.name);
  const bucket = (): string => stack.arnOf("aws:s3/bucket:Bucket", "campus-backups");
  const arns = () => ({ secret: `arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret`, logs: `arn:aws:logs:eu-central-1:${ACCOUNT}:log-group` });

  /** It works once. */
  async function calls(): Promise<readonly Call[]> {
    worked ??= await hostAtWork(server, logGroup());
    return worked.calls;
  }

  function resourceOf({ part, name, key = "" }: Call): string {
    if (part === "secret") return `${arns().secret}:${name}-a1B2c3`;
    if (part === "secret-key") return systemKeys.secret;
    if (part === "log") return `${arns().logs}:${name}:log-stream:${key}`;
    // The emulator's bucket stands for the one that the stack declares.
    expect(name).toBe(worked?.store);
    if (part === "objects") return `${bucket()}/${key}`;
    if (part === "bucket") return bucket();
    if (part === "key") return stack.arnOf("aws:kms/key:Key", "campus-backups");
    throw new Error(`Expected a machine to call its store, its secrets and its log, got ${part}.`);
  }

  async function requests(): Promise<readonly Request[]> {
    const all = (await calls()).map((call): Request => ({ principal, action: call.action, resource: resourceOf(call) }));
    return [...new Map(all.map((request) => [JSON.stringify(request), request])).values()];
  }

  async function refused(asked: readonly Request[], by: PolicyDocument): Promise<readonly string[]> {
    const answers = await Promise.all(asked.map((request) => authority.answer(request, by)));
    return asked.filter((_, index) => answers[index] === "denied").map(({ action, resource }) => `${action} on ${resource}`);
  }

  it("they call what the contract grants, and nothing else", async () => {
    const isCode = ({ part, key = "" }: Call): boolean => part === "objects" && key.startsWith(CODE);
    const targetOf = (call: Call): string => (isCode(call) ? "host-code" : call.part === "log" ? "host-log" : call.part.startsWith("secret") ? call.part : `store-${call.part}`);
    expect([...new Set((await calls()).map((call) => `${targetOf(call)} ${call.action}`))].toSorted()).toEqual(granted(backupOnHostGrants));
  }, 120_000);

  it("all that they call is allowed, for the database, which has a secret, and for the files", async () => {
    const asked = await requests();
    for (const source of Object.values(onHost)) expect(asked.filter(({ resource }) => resource.includes(`/${source}/`)).length).toBeGreaterThan(5);
    expect(asked.map(({ action }) => action)).toContain("secretsmanager:GetSecretValue");
    expect(await refused(asked, policy)).toEqual([]);
  }, 120_000);

  it("each permission is needed: without it something is refused", async () => {
    const asked = await requests();
    const unneeded: string[] = [];
    for (const permission of permissionsIn(policy)) if ((await refused(asked, without(policy, permission))).length === 0) unneeded.push(`${permission.action} on ${permission.resource}`);
    expect(unneeded).toEqual([]);
  }, 120_000);

  it("nothing goes to the store in clear", async () => {
    const inClear = (await requests()).filter(({ resource }) => resource.startsWith(bucket())).map((request): Request => ({ ...request, context: { "aws:SecureTransport": "false" } }));
    expect(inClear.length).toBeGreaterThan(5);
    expect(await refused(inClear, policy)).toHaveLength(inClear.length);
  }, 120_000);

  it("whoever has the machine can remove no backup, read or write no other source's, replace no code, and take no other secret", async () => {
    const { secret, logs } = arns();
    const others = ([
      ["s3:DeleteObject", `${bucket()}/campus/disk/x`], ["s3:DeleteObjectVersion", `${bucket()}/campus/disk/x`], ["s3:PutObjectTagging", `${bucket()}/campus/disk/x`],
      ["s3:PutObject", `${bucket()}/campus/configuration/x`], ["s3:GetObject", `${bucket()}/campus/configuration/x`], ["s3:PutObject", `${bucket()}/campus/disk-weekly/x`],
      ["s3:PutObject", `${bucket()}/campus/accounts/x`], ["s3:PutObject", `${bucket()}/campus/evidence/disk/x`], ["s3:GetObjectVersion", `${bucket()}/campus/disk/x`],
      ["s3:PutObject", `${bucket()}/${CODE}index.mjs`], ["s3:GetObjectVersion", `${bucket()}/.code/backup/index.mjs`],
      ["secretsmanager:GetSecretValue", `${secret}:any-a1B2c3`], ["secretsmanager:PutSecretValue", `${secret}:${secretName}-a1B2c3`], ["kms:Decrypt", systemKeys.source],
      ["logs:PutLogEvents", `${logs}:${logGroup()}:log-stream:other`], ["logs:DeleteLogStream", `${logs}:${logGroup()}:log-stream:disk`],
    ] as const).map(([action, resource]): Request => ({ principal, action, resource }));
    expect(await refused(others, policy)).toHaveLength(others.length);
  });
});
