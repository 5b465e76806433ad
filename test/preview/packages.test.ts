import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { previewStack } from "../../preview/preview.ts";

const pulumi = fileURLToPath(new URL("../../node_modules/@pulumi", import.meta.url));

interface Project {
  readonly write: (path: string, content: string | object) => void;
  readonly link: (path: string, target: string) => void;
  /** What the stack's output `title` is, or what is wrong. */
  readonly titles: () => Promise<readonly unknown[]>;
  readonly names: () => Promise<readonly string[]>;
}

/** A project of its own with packages of its own; of Pulumi it has ours. `files`: by path, text or JSON. */
function project(files: Readonly<Record<string, string | object>>, links: Readonly<Record<string, string>> = {}): Project {
  const folder = mkdtempSync(join(tmpdir(), "upkeep-packages-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const write = (path: string, content: string | object): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), typeof content === "string" ? content : JSON.stringify(content));
  };
  const given = { "Pulumi.yaml": "name: shelf\nruntime: nodejs\n", "Pulumi.prod.yaml": "config: {}\n", "package.json": { type: "module" }, ...files };
  for (const [path, content] of Object.entries(given)) write(path, content);
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  const link = (path: string, target: string): void => {
    rmSync(join(folder, path), { force: true });
    symlinkSync(target, join(folder, path));
  };
  for (const [path, target] of Object.entries({ "node_modules/@pulumi": pulumi, ...links })) link(path, target);
  const preview = (): ReturnType<typeof previewStack> => previewStack({ projectDir: folder, stack: "prod" });
  const titles = async (): Promise<readonly unknown[]> => {
    const { resources, problems } = await preview();
    return problems.length > 0 ? problems.map(({ message }) => message) : resources.flatMap(({ outputs }) => outputs?.title ?? []);
  };
  const names = async (): Promise<readonly string[]> => {
    const { resources, problems } = await preview();
    return [...resources.map(({ name }) => name), ...problems.map(({ message }) => message)];
  };
  return { write, link, titles, names };
}

const modulePackage = (name: string, files: Readonly<Record<string, string>>, more: object = {}): Record<string, string | object> => ({
  [`node_modules/${name}/package.json`]: { name, type: "module", exports: "./index.js", ...more },
  ...Object.fromEntries(Object.entries(files).map(([path, content]) => [`node_modules/${name}/${path}`, content])),
});

it("takes an ES module from a package, and what that package alone finds", async () => {
  const { titles } = project({
    "index.ts": `import { title } from "books"; export { title };`,
    ...modulePackage("books", { "index.js": `import { word } from "words"; import plain from "./plain.cjs"; export const title = word + plain.mark;`, "plain.cjs": `exports.mark = "!";` }),
    "node_modules/words/package.json": { main: "index.js" },
    "node_modules/words/index.js": `exports.word = "the wrong one";`,
    "node_modules/books/node_modules/words/package.json": { main: "index.js" },
    "node_modules/books/node_modules/words/index.js": `exports.word = "Ulysses";`,
  });
  expect(await titles()).toEqual(["Ulysses!"]);
});

it("tells a file of a package where it lies", async () => {
  const { titles } = project({
    "index.ts": `export { title } from "books";`,
    ...modulePackage("books", { "index.js": `import { readFileSync } from "node:fs"; export const title = readFileSync(new URL("title.txt", import.meta.url), "utf8");`, "title.txt": "Dubliners" }),
  });
  expect(await titles()).toEqual(["Dubliners"]);
});

it("requires what is CommonJS as Node does, one copy for whoever asks", async () => {
  const { titles } = project({
    "index.ts": `import counter, { next } from "counter"; import { again } from "also"; next(); export const title = [counter.next(), again()].join(" ");`,
    "node_modules/counter/package.json": { main: "index.js" },
    "node_modules/counter/index.js": `let count = 0; exports.next = () => ++count;`,
    ...modulePackage("also", { "index.js": `import { next } from "counter"; export const again = () => next();` }),
  });
  expect(await titles()).toEqual(["2 3"]);
});

it("takes the form of a package that Node would take, not the one that bundlers ask for", async () => {
  const form = (title: string): string => `export const title = ${JSON.stringify(title)};`;
  const { titles } = project({
    "index.ts": `export { title } from "forms";`,
    ...modulePackage("forms", { "node.js": form("for Node"), "bundler.js": form("for bundlers") }, { exports: { module: "./bundler.js", import: "./node.js" } }),
  });
  expect(await titles()).toEqual(["for Node"]);
});

const scriptPackage = (name: string, content: string, more: object = {}): Record<string, string | object> => ({
  [`node_modules/${name}/package.json`]: { name, main: "index.js", ...more }, [`node_modules/${name}/index.js`]: content,
});
const titled = `export { title } from "books";`;
const shelf = `import { ComponentResource } from "@pulumi/pulumi"; new ComponentResource("a:b:C", "shelf", {});`;

// Each of these works differently in a bundle, or not at all.
it.each<[string, string, Readonly<Record<string, string | object>>]>([
  ["asks where another module lies", "index.js", { "index.ts": titled, ...modulePackage("books", { "index.js": `export const title = import.meta.resolve("./index.js").slice(-8);` }) }],
  ["imports a module by a computed name", "Ulysses", { "index.ts": titled, ...modulePackage("books", { "index.js": `const name = "./one.js"; export const { title } = await import(name);`, "one.js": `export const title = "Ulysses";` }) }],
  ["asks whether it is a script", "undefined", { "index.ts": titled, ...modulePackage("books", { "index.js": `export const title = typeof require;` }) }],
  ["begins with a line for the shell", "index.js", { "index.ts": titled, ...modulePackage("books", { "index.js": `#!/usr/bin/env node\nexport const title = import.meta.url.slice(-8);` }) }],
  ["is a module by its text alone", "Ulysses", { "index.ts": `import title from "books"; export { title };`, ...scriptPackage("books", `export default "Ulysses";`) }],
  ["tries a binary first", "none", { "index.ts": titled, ...modulePackage("books", { "index.js": `import core from "./core.cjs"; export const { title } = core;`, "core.cjs": `try { require("./core.node"); } catch { exports.title = "none"; }`, "core.node": "no binary" }) }],
  ["has one script for those who import and those who require", "true", {
    "index.ts": `import { Book } from "books"; import { isBook } from "reader"; export const title = String(isBook(new Book()));`,
    ...modulePackage("books", { "index.js": `import core from "./core.cjs"; export const { Book } = core;`, "core.cjs": `exports.Book = class {};` }, { exports: { import: "./index.js", require: "./core.cjs" } }),
    ...scriptPackage("reader", `exports.isBook = (book) => book instanceof require("books").Book;`),
  }],
  ["is imported by a script too", "2", {
    "index.ts": `import { next } from "books"; import { again } from "reader"; next(); export const title = String(await again());`,
    ...modulePackage("books", { "index.js": `let count = 0; export const next = () => ++count;` }),
    ...scriptPackage("reader", `exports.again = async () => (await import("books")).next();`, { dependencies: { books: "1" } }),
  }],
])("takes a package as Node has it that %s", async (_, title, files) => {
  expect(await project(files).titles()).toEqual([title]);
});

it.each([["imported for its effects", `import "books";`], ["imported for another thing", `export { title } from "books";`]])(
  "misses no resource of a package that claims to have no effects and is %s", async (_, program) => {
    const { names } = project({ "index.ts": program, ...modulePackage("books", { "index.js": `export * from "./title.js"; export * from "./shelf.js";`, "title.js": `export const title = "";`, "shelf.js": `${shelf} export const unused = 1;` }, { sideEffects: false }) });
    expect(await names()).toContain("shelf");
  });

it("finds for a linked package what that package finds, in its version", async () => {
  const { titles } = project({
    "index.ts": `import words from "words"; import { title } from "books"; const both = title + words.word; export { both as title };`,
    ...scriptPackage("words", `exports.word = "one";`),
    "lib/package.json": { name: "books", type: "module", main: "index.js" },
    "lib/index.js": `import words from "words"; import only from "only"; export const title = words.word + only.mark;`,
    "lib/node_modules/words/package.json": {},
    "lib/node_modules/words/index.js": `exports.word = "two";`,
    // Without a package.json of its own it is a script all the same: a package ends where its packages lie.
    "lib/node_modules/only/index.js": `exports.mark = "/";`,
  }, { "node_modules/books": "../lib" });
  expect(await titles()).toEqual(["two/one"]);
});

it("notices that a link leads to another version, and that a package was installed", async () => {
  const { write, link, titles } = project({
    "index.ts": `import extra from "extra"; import { title } from "books"; const both = title + extra.mark; export { both as title };`,
    ...modulePackage(".store/books@1/node_modules/books", { "index.js": `export const title = "1";` }),
    ...modulePackage(".store/books@2/node_modules/books", { "index.js": `export const title = "2";` }),
  }, { "node_modules/books": ".store/books@1/node_modules/books" });
  expect(await titles()).toEqual([expect.stringContaining("extra")]);
  for (const [path, content] of Object.entries(scriptPackage("extra", `exports.mark = "!";`))) write(path, content);
  expect(await titles()).toEqual(["1!"]);
  link("node_modules/books", ".store/books@2/node_modules/books");
  expect(await titles()).toEqual(["2!"]);
});

it("notices that a linked package names another first file", async () => {
  const { write, titles } = project({
    "index.ts": titled, "lib/package.json": { type: "module", main: "one.js" }, "lib/one.js": `export const title = "one";`, "lib/two.js": `export const title = "two";`,
  }, { "node_modules/books": "../lib" });
  expect(await titles()).toEqual(["one"]);
  write("lib/package.json", { type: "module", main: "two.js" });
  expect(await titles()).toEqual(["two"]);
});

it("lets a dynamic provider capture the SDK", async () => {
  const { names } = project({ "index.ts": `import * as pulumi from "@pulumi/pulumi"; new (class extends pulumi.dynamic.Resource {})({ create: async () => ({ id: new pulumi.Config().name }) }, "shelf", {});` });
  expect(await names()).toContain("shelf");
});

it("says which package is missing", async () => {
  const { titles } = project({ "index.ts": `export { title } from "nowhere";` });
  expect(await titles()).toEqual([expect.stringContaining("Cannot find package 'nowhere'")]);
});

it("notices that a package was changed", async () => {
  const { write, titles } = project({ "index.ts": `export { title } from "books";`, ...modulePackage("books", { "index.js": `export const title = "Ulysses";` }) });
  expect(await titles()).toEqual(["Ulysses"]);
  write("node_modules/books/index.js", `export const title = "Finnegans Wake";`);
  expect(await titles()).toEqual(["Finnegans Wake"]);
});
