import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { type DocumentResource, documentOf } from "../../preview/document.ts";
import { previewStack } from "../../preview/preview.ts";
import { comparedStacks, everything } from "./everything.ts";
import { sourceFiles } from "./source-files.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const FUNCTION = "aws:lambda/function:Function";
const TASK_CODE = "aws:s3/bucketObject:BucketObject";

const ofComponents = sourceFiles(repository).filter(({ path }) => path.startsWith("components/"));

/** `@pulumi/aws/s3/bucket.js` holds the class of `aws:s3/bucket:Bucket`; one at the top of its package is in `index`. */
function tokenOf(specifier: string): string | undefined {
  const [, pkg, path = ""] = /^@pulumi\/(\w+)\/(.+)\.js$/.exec(specifier) ?? [];
  if (pkg === undefined) return undefined;
  if (path === "provider") return `pulumi:providers:${pkg}`;
  const name = basename(path);
  return `${pkg}:${dirname(path) === "." ? "index" : dirname(path)}/${name}:${name[0]?.toUpperCase()}${name.slice(1)}`;
}

interface Stack {
  readonly source: string;
  readonly stack: string;
}

async function resourcesOf(stacks: readonly Stack[]): Promise<readonly DocumentResource[]> {
  const previews = await Promise.all(stacks.map(async ({ source, stack }) => previewStack({ projectDir: source, stack })));
  expect(previews.flatMap(({ problems }) => problems)).toEqual([]);
  return previews.flatMap((preview) => documentOf(preview).resources);
}

const examples = readdirSync(join(repository, "examples")).map((guide): Stack => ({ source: join(repository, "examples", guide), stack: "prod" }));

/** Whose role it is, and what of: `upkeep:backup:FilesBackup -schedule`. */
const kindsOfRoles = (resources: readonly DocumentResource[]): ReadonlySet<string> => new Set(resources.filter(({ type }) => type === "aws:iam/role:Role").map(({ name, parent = "" }) => {
  const [type, own] = parent.split("::").slice(2);
  return `${type?.split("$").at(-1)} ${name.slice(own?.length)}`;
}));

it("the stack of everything has each kind of role that any other has: what is said of its roles is said of all", async () => {
  const known = kindsOfRoles(await resourcesOf([everything]));
  const others = kindsOfRoles(await resourcesOf([...comparedStacks, ...examples]));
  expect(others.size).toBeGreaterThan(15);
  expect([...others].filter((kind) => !known.has(kind))).toEqual([]);
}, 60_000);

describe("the stacks that run through Pulumi itself", () => {
  let resources: readonly DocumentResource[];
  beforeAll(async () => {
    resources = await resourcesOf(comparedStacks);
  }, 60_000);
  const declared = (): readonly string[] => [...new Set(resources.map(({ type }) => type))];

  it("declare a resource of every class that components know", () => {
    const known = new Set(ofComponents.flatMap(({ loads }) => loads.flatMap((specifier) => tokenOf(specifier) ?? [])));
    expect(known.size).toBeGreaterThan(35);
    expect([...known].filter((type) => !declared().includes(type))).toEqual([]);
  });

  it("declare every component", () => {
    const types = ofComponents.flatMap(({ text }) => [...text.matchAll(/static readonly type = "(upkeep:[^"]+)"/g)].map(([, type = ""]) => type));
    expect(types.length).toBeGreaterThan(15);
    expect(types.filter((type) => !declared().includes(type))).toEqual([]);
  });

  it("run every bundle in a function or a task", () => {
    const bundles = readdirSync(join(repository, "handlers")).filter((name) => existsSync(join(repository, "handlers", name, "index.ts")));
    expect(bundles.length).toBeGreaterThan(4);
    const running = JSON.stringify(resources.filter(({ type }) => type === FUNCTION || type === TASK_CODE).map(({ inputs }) => inputs));
    expect(bundles.filter((name) => !running.includes(`handlers/${name}/`))).toEqual([]);
  });
});
