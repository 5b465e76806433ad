import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PreviewDocument } from "../../preview/document.ts";
import { commandBuilt } from "../support/built.ts";
import { upkeep } from "../support/command.ts";
import { projectCopy } from "../support/folder.ts";
import { type PreviewProcess, type PreviewRunner, previewRunner } from "../support/preview-process.ts";

let preview: PreviewRunner;
beforeAll(async () => {
  preview = await previewRunner();
});
afterAll(() => preview.remove());

const documentIn = ({ stdout }: PreviewProcess): PreviewDocument => (JSON.parse(stdout) as { readonly document: PreviewDocument }).document;

describe("a preview opens no socket and writes only into its cache", () => {
  const watcher = ["--import", pathToFileURL(fileURLToPath(new URL("only-reads.mjs", import.meta.url))).href];
  const deedsOf = ({ stderr }: { readonly stderr: string }): readonly string[] =>
    JSON.parse(/^deeds: (.*)$/m.exec(stderr)?.[1] ?? "null") as readonly string[];

  it.each(["first", "later"])("on the %s run", async (run) => {
    const projectDir = projectCopy("library");
    if (run === "later") await preview.run({ projectDir, stack: "prod" });
    const ran = await preview.run({ projectDir, stack: "prod" }, { args: watcher });
    expect(ran.exitCode).toBe(0);
    const elsewhere = deedsOf(ran).filter((deed) => !/^write .*\/node_modules\/\.cache\/upkeep(\/|$)/.test(deed));
    expect(elsewhere).toEqual([]);
    expect(deedsOf(ran).some((deed) => deed.endsWith(".mjs") || /\.mjs\.?\d*$/.test(deed))).toBe(run === "first");
  });

  it("of the reference system, whole, as people run it", async () => {
    await commandBuilt();
    const ran = await upkeep(["preview", "--stack", "prod", "--json"], { env: { NODE_OPTIONS: watcher.join(" ") } });
    const { resources, judged } = JSON.parse(ran.stdout) as PreviewDocument;
    expect(resources.length).toBeGreaterThan(100);
    expect(judged.length).toBeGreaterThan(10);
    expect(deedsOf(ran).filter((deed) => !/^write .*\/node_modules\/\.cache\/upkeep(\/|$)/.test(deed))).toEqual([]);
    expect(deedsOf(ran)).not.toEqual([]);
  });

  it("even when the program has transforms, for which the SDK would start a server", async () => {
    const projectDir = projectCopy("library");
    const index = join(projectDir, "index.ts");
    writeFileSync(index, readFileSync(index, "utf8").replace("{ protect: true }", "{ protect: true, transforms: [() => undefined] }"));
    const ran = await preview.run({ projectDir, stack: "prod" }, { args: watcher });
    expect(ran.exitCode).toBe(0);
    expect(deedsOf(ran).filter((deed) => !deed.startsWith("write "))).toEqual([]);
  });

  it("and the watch would notice: a program that opens one and writes beside itself is seen", async () => {
    const projectDir = projectCopy("library");
    writeFileSync(join(projectDir, "index.ts"), `
      import { writeFileSync } from "node:fs";
      import { createServer } from "node:net";
      writeFileSync("note.txt", "x");
      const server = createServer().listen(0, "127.0.0.1", () => server.close());
    `);
    const deeds = deedsOf(await preview.run({ projectDir, stack: "prod" }, { args: watcher }));
    expect(deeds).toContain("socket listen");
    expect(deeds).toContain(`write ${join(projectDir, "note.txt")}`);
  });
});

it("keeps standard output for the document, whatever the program prints", async () => {
  const ran = await preview.run({ projectDir: projectCopy("library"), stack: "prod" });
  expect(documentIn(ran).resources).toHaveLength(3);
  expect(ran.stderr).toContain("the program prints");
});

it("says where in the source a program threw, and shows what it declared before", async () => {
  const ran = await preview.run({ projectDir: projectCopy("throws"), stack: "dev" });
  expect(ran.exitCode).toBe(1);
  expect(documentIn(ran).problems).toEqual([{ path: "index.ts", file: "index.ts", line: 10, column: 34, message: "no shelf" }]);
  expect(documentIn(ran).resources.map(({ name }) => name)).toEqual(["before", "throws-dev"]);
});

it("makes a property that rejects a problem, and ends with 1", async () => {
  const projectDir = projectCopy("throws");
  writeFileSync(join(projectDir, "index.ts"), `
    import { Bucket } from "@pulumi/aws/s3/bucket.js";
    new Bucket("books", { bucket: Promise.reject(new Error("no name for it")) });
    new Bucket("others");
  `);
  const ran = await preview.run({ projectDir, stack: "dev" });
  expect(ran.exitCode).toBe(1);
  expect(documentIn(ran).problems.map(({ message }) => message)).toEqual([expect.stringContaining("no name for it")]);
  expect(documentIn(ran).resources.map(({ name }) => name)).toContain("others");
});

it("ends at once when a program waits for what never comes", async () => {
  const projectDir = projectCopy("throws");
  writeFileSync(join(projectDir, "index.ts"), `
    import { Bucket } from "@pulumi/aws/s3/bucket.js";
    new Bucket("stuck", { bucket: new Promise<string>(() => {}) });
  `);
  const started = performance.now();
  const ran = await preview.run({ projectDir, stack: "dev" });
  expect(ran.exitCode).toBe(1);
  expect(documentIn(ran).problems.map(({ message }) => message)).toEqual([
    "Expected the program to come to an end, got a promise that nothing is left to resolve. Look at the properties of: aws:s3/bucket:Bucket stuck.",
  ]);
  expect(performance.now() - started).toBeLessThan(15_000);
});

it("works from another folder than the project's, where the program runs", async () => {
  const projectDir = projectCopy("library");
  const index = join(projectDir, "index.ts");
  writeFileSync(index, readFileSync(index, "utf8").replace(`new URL("label.txt", import.meta.url)`, `"label.txt"`));
  const ran = await preview.run({ projectDir, stack: "prod" }, { cwd: "/" });
  expect(ran.exitCode).toBe(0);
});

it("previews a project whose packages cannot be written to, from the user's cache", async () => {
  const projectDir = projectCopy("library");
  // A file where the cache folder would be: not even a superuser can write below it.
  writeFileSync(join(projectDir, "node_modules", ".cache"), "");
  const cache = join(projectDir, "cache");
  const ran = await preview.run({ projectDir, stack: "prod" }, { env: { XDG_CACHE_HOME: cache } });
  expect(readdirSync(join(cache, "upkeep")).filter((name) => name.endsWith(".mjs"))).toHaveLength(1);
  expect(documentIn(ran).resources).toHaveLength(3);
  expect(documentIn(ran).problems).toEqual([]);
});
