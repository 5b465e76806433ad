import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startFullObjectS3 } from "../support/handlers/full-object-s3.ts";
import { type Authority, authorityOf } from "../support/iam/authority.ts";
import type { Call } from "../support/iam/call.ts";
import { ACCOUNT, declareStack, type DeclaredStack, systemKeys } from "../support/iam/declared-stack.ts";
import { grantedTo, madeBy } from "../support/iam/granted.ts";
import { handlersAtWork } from "../support/iam/handlers-at-work.ts";
import { neverCalled, sentElsewhere } from "../support/iam/never-called.ts";
import { drills, impliedCalls } from "../support/iam/implied.ts";
import type { ImpliedCalls } from "../support/iam/implied-call.ts";
import { type PolicyDocument, permissionsIn, without } from "../support/iam/policy-document.ts";
import type { Request } from "../support/iam/simulate.ts";
import { type Place, putSecret, type Worked } from "../support/iam/stage.ts";
import { describeWithParts } from "../support/parts.ts";
import type { S3Server } from "../support/servers/s3.ts";
import { sourceFiles } from "../support/source-files.ts";

const ROLE = "aws:iam/role:Role";
const TASKS = "ecs-tasks.amazonaws.com";

const logs = ["logs:CreateLogStream", "logs:PutLogEvents"];
const interfaces = Object.keys(neverCalled).filter((action) => action.startsWith("ec2:"));

interface Row {
  readonly handler: keyof typeof handlersAtWork;
  /** What the role is about, in the place of the source that the handler worked for. */
  readonly of: readonly string[];
  readonly ending?: "-verify" | "-task";
  readonly calledByAws: readonly string[];
}

/** What works with which of the roles that the stack declares. */
const rows: readonly Row[] = [
  { handler: "database", of: ["accounts", "catalogue", "sessions"], calledByAws: [...logs, ...interfaces] },
  // Its log is written by the role that starts tasks, and its place in the network is made by Fargate.
  { handler: "task", of: ["accounts", "catalogue", "sessions"], ending: "-task", calledByAws: [] },
  { handler: "files", of: ["uploads"], calledByAws: logs },
  { handler: "copies", of: ["media"], calledByAws: logs },
  { handler: "exportOfGroup", of: ["carts"], calledByAws: logs },
  { handler: "exportOfNode", of: ["queue"], calledByAws: logs },
  { handler: "repository", of: ["shop"], calledByAws: logs },
  { handler: "configuration", of: ["configuration"], calledByAws: logs },
  { handler: "verification", of: ["accounts", "catalogue", "sessions", "carts", "queue", "uploads", "media", "disk", "shop", "configuration"], ending: "-verify", calledByAws: logs },
  { handler: "evidence", of: ["evidence"], calledByAws: logs },
  { handler: "retention", of: ["retention"], calledByAws: logs },
];
const handlers = rows.flatMap(({ of, ending = "", ...row }) => of.map((source) => ({ ...row, source, role: `campus-${source}${ending}` })));

describeWithParts("the role that the stack declares allows what its handler calls, and nothing else", ["s3"], () => {
  let server: S3Server;
  let stack: DeclaredStack;
  let authority: Authority;
  let implied: readonly ImpliedCalls[];
  const worked = new Map<Row["handler"], Worked>();
  beforeAll(async () => {
    stack = await declareStack();
    authority = authorityOf(stack);
    implied = impliedCalls(stack);
    server = await startFullObjectS3();
    await putSecret(server);
  });
  afterAll(() => server.stop());

  /** The emulator's bucket stands for the one that the stack declares. */
  const placesOf = (): Readonly<Record<Exclude<Place, "">, { readonly bucket: string; readonly key: string }>> => ({
    store: { bucket: stack.arnOf("aws:s3/bucket:Bucket", "campus-backups"), key: stack.arnOf("aws:kms/key:Key", "campus-backups") },
    replica: { bucket: stack.arnOf("aws:s3/bucket:Bucket", "campus-backups-replica"), key: stack.arnOf("aws:kms/key:Key", "campus-backups-replica") },
    source: { bucket: "arn:aws:s3:::campus-test-uploads", key: systemKeys.source },
    state: { bucket: "arn:aws:s3:::campus-test-state", key: systemKeys.state },
    exports: { bucket: stack.arnOf("aws:s3/bucket:Bucket", "campus-exports"), key: "none: S3's own" },
  });

  function resourceOf({ part, name, key = "" }: Call, place: Place): string {
    if (part === "secret") return `arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:${name}-a1B2c3`;
    if (part === "secret-key") return systemKeys.secret;
    if (part === "log") throw new Error("Expected functions to write to their standard output, got a call of CloudWatch's logs.");
    if (part === "bucket" || part === "key" || part === "objects") {
      if (place === "") throw new Error(`Expected a place for ${part}, got none.`);
      const { bucket, key: encryption } = placesOf()[place];
      return { bucket, key: encryption, objects: `${bucket}/${key}` }[part];
    }
    return {
      metrics: "*", lists: "*",
      parameters: `arn:aws:ssm:eu-central-1:${ACCOUNT}:parameter${key}`,
      "described-secrets": `arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:${key}-a1B2c3`,
      "replication-group": `arn:aws:elasticache:eu-central-1:${ACCOUNT}:replicationgroup:${key}`,
      "cache-cluster": `arn:aws:elasticache:eu-central-1:${ACCOUNT}:cluster:${key}`,
      "elasticache-snapshots": `arn:aws:elasticache:eu-central-1:${ACCOUNT}:snapshot:${key}`,
      dashboards: `arn:aws:cloudwatch::${ACCOUNT}:dashboard/${key}`,
      schedules: `arn:aws:scheduler:eu-central-1:${ACCOUNT}:schedule/default/${key}`,
      // The emulator has an account of its own.
      "state-machines": key.replace(/:\d{12}:/, `:${ACCOUNT}:`),
    }[part];
  }

  /** The same request twice gets the same answer. Dumps of two attempts are two requests. */
  function requestsOf({ calls, placeOf }: Worked, principal: string): readonly Request[] {
    const requests = calls.map((call): Request => ({
      principal, action: call.action, resource: resourceOf(call, placeOf(call)), ...(call.context && { context: call.context }),
    }));
    return [...new Map(requests.map((request) => [JSON.stringify(request), request])).values()];
  }

  async function refused(requests: readonly Request[], policy: PolicyDocument): Promise<readonly string[]> {
    const answers = await Promise.all(requests.map((request) => authority.answer(request, policy)));
    return requests.filter((_, index) => answers[index] === "denied").map(({ action, resource }) => `${action} on ${resource}`);
  }

  /** Each handler works once, whatever number of roles is like its own. */
  async function callsFor(handler: Row["handler"]): Promise<Worked> {
    const calls = worked.get(handler) ?? await handlersAtWork[handler](server);
    worked.set(handler, calls);
    return calls;
  }

  /** What fetches a task's code works with its role before our own does. */
  const fetching = (role: string, principal: string): readonly Request[] => implied.filter((calls) => calls.role === role && calls.service === TASKS)
    .flatMap(({ needs, context }) => needs.map(([action, resource, own]) => ({ principal, action, resource, context: { ...context, ...own } })));

  it.each(handlers)("$handler: role $role", async ({ handler, role, source, calledByAws }) => {
    const policy = stack.rolePolicy(role);
    const principal = stack.arnOf(ROLE, role);
    const own = requestsOf(await callsFor(handler), principal).map((request) => ({ ...request, resource: handler === "evidence" || handler === "retention" ? request.resource : request.resource.replace("/accounts/", `/${source}/`).replace("-accounts-backup-", `-${source}-backup-`) }));
    expect(own.length).toBeGreaterThan(5);
    const requests = [...own, ...fetching(role, principal)];
    expect(await refused(requests, policy)).toEqual([]);

    // A permission is needed when a call is refused without it.
    const needed = await Promise.all(permissionsIn(policy).map(async (permission) =>
      ({ ...permission, refuses: (await refused(requests, without(policy, permission))).length })));
    const unused = needed.filter(({ refuses }) => refuses === 0).map(({ action }) => action);
    expect(new Set(unused)).toEqual(new Set(calledByAws));

    // The bucket's own policy has the last word, whatever the role allows.
    const inClear = requests.filter(({ resource }) => resource.startsWith(placesOf().store.bucket))
      .map((request) => ({ ...request, context: { ...request.context, "aws:SecureTransport": "false" } }));
    expect(inClear.length).toBeGreaterThan(0);
    expect(await refused(inClear, policy)).toHaveLength(inClear.length);

    // A list of all is a list of all: there is nobody else's.
    const ofOthers = requests.filter(({ action, resource }) => resource !== "*" || action === "cloudwatch:PutMetricData").map(elsewhere);
    expect(await refused(ofOthers, policy)).toHaveLength(ofOthers.length);
  }, 120_000);

  it.each(Object.keys(grantedTo) as (keyof typeof grantedTo)[])("%s calls what the contract grants it, and nothing else", async (handler) => {
    expect(madeBy(await callsFor(handler))).toEqual(grantedTo[handler]);
  }, 120_000);

  it.each(["campus-accounts", "campus-accounts-task", "campus-carts", "campus-uploads", "campus-shop", "campus-configuration"])("%s can change neither another source's backups nor the code that tasks run", async (role) => {
    const { bucket } = placesOf().store;
    const requests = ["campus/orders/2026/11/20261123T020000Z/one.dump", "campus/evidence/x.json", ".code/backup/index.mjs", "shop/accounts/one.dump"]
      .map((key): Request => ({ principal: stack.arnOf(ROLE, role), action: "s3:PutObject", resource: `${bucket}/${key}` }));
    expect(await refused(requests, stack.rolePolicy(role))).toHaveLength(requests.length);
  });

  it("no handler has a command in its code that it was not seen to send", async () => {
    const handling = sourceFiles(fileURLToPath(new URL("../..", import.meta.url))).filter(({ path }) => path.startsWith("handlers/"));
    const written = new Set(handling.flatMap(({ text }) => [...text.matchAll(/\b(?:new (\w+)Command|paginate([A-Z]\w+))\(/g)].map(([, sent, listed]) => `${sent ?? listed}Command`)));
    expect(written.size).toBeGreaterThan(15);
    const seen = new Set<string>();
    for (const handler of Object.keys(handlersAtWork) as Row["handler"][]) for (const command of (await callsFor(handler)).commands) seen.add(command);
    expect([...written].filter((command) => !seen.has(command)).toSorted()).toEqual(Object.keys(sentElsewhere));
  }, 300_000);

  it("every role that code of ours works with is compared", () => {
    const ours = implied.flatMap(({ runsOurs, role }) => (runsOurs === true && role !== undefined ? [role] : []));
    // The drills' in drill.test.ts.
    expect([...handlers.map(({ role }) => role), ...drills.map((drill) => `campus-${drill}-task`)].toSorted()).toEqual(ours.toSorted());
  });

  it("every reason for a permission that no handler uses is still asked for", () => {
    expect(new Set(handlers.flatMap(({ calledByAws }) => calledByAws))).toEqual(new Set(Object.keys(neverCalled)));
  });
});

/** The same call for something of another system in the same account. */
function elsewhere(request: Request): Request {
  const { resource, context } = request;
  if (resource === "*") return { ...request, context: { ...context, "cloudwatch:namespace": "AWS/Lambda" } };
  return { ...request, resource: resource.replace(/campus-test|:key\/|:secret:|:parameter\/|:replicationgroup:|:cluster:/, (found) => (found === "campus-test" ? "shop-test" : `${found}another-`)) };
}
