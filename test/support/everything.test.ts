import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { type DocumentResource, documentOf } from "../../preview/document.ts";
import { previewStack } from "../../preview/preview.ts";
import { comparedStacks } from "./everything.ts";
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

describe("the stacks that run through Pulumi itself", () => {
  let resources: readonly DocumentResource[];
  beforeAll(async () => {
    const previews = await Promise.all(comparedStacks.map(async ({ source, stack }) => previewStack({ projectDir: source, stack })));
    expect(previews.flatMap(({ problems }) => problems)).toEqual([]);
    resources = previews.flatMap((preview) => documentOf(preview).resources);
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
