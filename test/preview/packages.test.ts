import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { previewStack } from "../../preview/preview.ts";

const pulumi = fileURLToPath(new URL("../../node_modules/@pulumi", import.meta.url));

/** A project of its own with packages of its own; of Pulumi it has ours. `files`: by path, text or JSON. */
function project(files: Readonly<Record<string, string | object>>): { readonly write: (path: string, content: string | object) => void; readonly titles: () => Promise<readonly unknown[]> } {
  const folder = mkdtempSync(join(tmpdir(), "upkeep-packages-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const write = (path: string, content: string | object): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), typeof content === "string" ? content : JSON.stringify(content));
  };
  const given = { "Pulumi.yaml": "name: shelf\nruntime: nodejs\n", "Pulumi.prod.yaml": "config: {}\n", "package.json": { type: "module" }, ...files };
  for (const [path, content] of Object.entries(given)) write(path, content);
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  symlinkSync(pulumi, join(folder, "node_modules", "@pulumi"));
  const titles = async (): Promise<readonly unknown[]> => {
    const { resources, problems } = await previewStack({ projectDir: folder, stack: "prod" });
    return problems.length > 0 ? problems.map(({ message }) => message) : resources.flatMap(({ outputs }) => outputs?.title ?? []);
  };
  return { write, titles };
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
