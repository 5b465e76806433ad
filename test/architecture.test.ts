import { builtinModules } from "node:module";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { importCircles } from "./support/import-circles.ts";
import { importTarget, type SourceFile, sourceFiles } from "./support/source-files.ts";

interface Room {
  /** Files of ours beside its own, from the top of the tree. */
  readonly ours: RegExp;
  readonly packages: RegExp;
}

const nothing = /^$/;
const node = `node:(${builtinModules.join("|")})`;

/** Practice decides, components transcribe, handlers act, policies judge, preview shows: each can be read without the others. */
const rooms: Readonly<Record<string, Room>> = {
  practice: { ours: nothing, packages: /^(zod|yaml|croner|luxon|fastest-levenshtein|node:(fs|net|path|url|util))$/ },
  components: { ours: /^practice\//, packages: new RegExp(`^(@pulumi/.+|${node})$`) },
  handlers: { ours: /^practice\/contract\//, packages: new RegExp(`^(@aws-sdk/.+|@smithy/.+|tar-stream|yauzl|mongodb|zod/mini|${node})$`) },
  policies: { ours: nothing, packages: new RegExp(`^(@pulumi/(policy|aws|datadog|mongodbatlas)(/.+)?|${node})$`) },
  preview: { ours: /^practice\//, packages: /^(?!(@aws-sdk|vitest)).+$/ },
  // A handler's entry reads the environment and serves Lambda; its plain function is for everyone.
  cli: { ours: /^package\.json$|^(practice|preview)\/|^handlers\/(?!.*\bindex\.ts$)/, packages: /^(?!vitest).+$/ },
};

const files = sourceFiles(fileURLToPath(new URL("..", import.meta.url)));
const isRelative = (specifier: string): boolean => specifier.startsWith(".");
const inRoom = (room: string): readonly SourceFile[] => files.filter((file) => file.path.startsWith(`${room}/`));

describe.each(Object.entries(rooms))("%s/", (name, room) => {
  it("imports only what its room may", () => {
    const strangers = inRoom(name).flatMap((file) => file.imports
      .filter((specifier) => {
        if (!isRelative(specifier)) return !room.packages.test(specifier);
        const target = importTarget(file, specifier);
        return !target.startsWith(`${name}/`) && !room.ours.test(target);
      })
      .map((specifier) => `${file.path} imports ${specifier}`));
    expect(strangers).toEqual([]);
  });
});

it("finds the rooms and their imports, or the rules above would hold for nothing", () => {
  expect(inRoom("practice").length).toBeGreaterThan(10);
  expect(inRoom("components").flatMap((file) => file.imports).some((specifier) => specifier.startsWith("@pulumi/aws/"))).toBe(true);
});

it.each([
  ["practice/contract/", /^practice\/contract\//, "both sides share it, and a handler carries all of it along"],
  ["practice/config/", /^practice\/(config|catalog|contract)\//, "what the system is comes before what is decided about it"],
])("%s imports only %s: %s", (folder, allowed) => {
  const own = files.filter(({ path }) => path.startsWith(folder));
  expect(own).not.toEqual([]);
  expect(own.flatMap((file) => file.imports.filter((specifier) => isRelative(specifier) && !allowed.test(importTarget(file, specifier)))
    .map((specifier) => `${file.path} imports ${specifier}`))).toEqual([]);
});

it("imports go in no circle", () => {
  expect(importCircles(files)).toEqual([]);
});

it("no file reaches 200 lines", () => {
  expect(files.filter((file) => file.lines >= 200).map((file) => `${file.path}: ${file.lines} lines`)).toEqual([]);
});

it("no file has a name that says nothing", () => {
  const vague = /^(utils?|helpers?|managers?|base|common|misc)\b|[-.](utils?|helpers?|manager|base)\.ts$/;
  expect(files.map((file) => file.path).filter((path) => path.split("/").some((part) => vague.test(part)) || vague.test(basename(path)))).toEqual([]);
});

it("provider classes come from deep files, because a provider's root loads all of it", () => {
  const roots = /^@pulumi\/(aws|datadog|mongodbatlas|random)$/;
  const loads = Object.keys(rooms).flatMap(inRoom).filter((file) => file.loads.some((specifier) => roots.test(specifier)));
  expect(loads.map((file) => file.path)).toEqual([]);
});

describe("words that are not written here", () => {
  it.each([
    { why: "a destroyed stack would take its backups with it", word: /forceDestroy:\s*true/, where: /^(components|index\.ts)/ },
    { why: "a variable that is not set becomes undefined at a distance", word: /process\.env(\.\w+|\[[^\]]+\])!/, where: /./ },
    { why: "rules are answered, not switched off", word: new RegExp(["eslint-disable", "@ts-(ignore|nocheck)"].join("|")), where: /./ },
    { why: "the compiler is not switched off for what follows", word: /\bas any\b/, where: /./ },
    { why: "work left over belongs in an issue", word: /\b(TODO|FIXME|XXX)\b/, where: /./ },
  ])("$word: $why", ({ word, where }) => {
    const here = "test/architecture.test.ts";
    expect(files.filter((file) => file.path !== here && where.test(file.path) && word.test(file.text)).map((file) => file.path)).toEqual([]);
  });
});
