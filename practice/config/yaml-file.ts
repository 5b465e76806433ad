import { join } from "node:path";
import { type Alias, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit, type Document, type Node } from "yaml";
import { fileText } from "./file-text.ts";
import { mapping } from "./mapping.ts";
import { neverClosed } from "./never-closed.ts";
import { sentence, StackFileError, type Place } from "./problems.ts";
import { show } from "./show.ts";
import { inWords } from "./yaml-errors.ts";

/** The parser needs stack space for every level; people never nest so deep. */
const MOST_LEVELS = 200;

/** Ten lines of anchors can stand for a billion values. */
const MOST_ALIASES = 100;

export interface YamlFile {
  readonly name: string;
  readonly document: Document;
  readonly lines: LineCounter;
  readonly value: Readonly<Record<string, unknown>>;
}

/** What each file was when it was last read: Pulumi.yaml is asked for several times, and parsing it cold takes 10 ms. */
const known = new Map<string, { readonly text: string; readonly file: YamlFile }>();

/** Reads a mapping, or throws with the one problem that keeps it from being read. The same text is parsed once. */
export function readYaml(folder: string, name: string): YamlFile {
  const refuse = (expected: string, got: string, wayOut: string, place: Omit<Place, "file"> = {}): never => {
    throw new StackFileError([{ path: name, file: name, message: sentence(expected, got, wayOut), ...place }]);
  };
  const text = fileText(join(folder, name), refuse);
  const before = known.get(join(folder, name));
  if (before?.text === text) return before.file;
  if (text.trim() === "") refuse("a mapping with `config:`", "an empty file", "begin with `config:` and the keys of the system below it");
  const deep = tooDeep(text);
  if (deep !== undefined) refuse(`at most ${MOST_LEVELS} levels`, "more", "remove the brackets or dashes that nobody closes", { line: deep, column: 1 });

  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const [error] = document.errors;
  const [opening] = document.errors.flatMap((each) => neverClosed(document, each, text) ?? []);
  if (opening !== undefined) {
    const { line, col: column } = lines.linePos(opening.offset);
    refuse(`\`${opening.closing}\` after \`${opening.opened}\``, "none", "it is opened here and never closed: close it, or remove what opens it", { line, column });
  }
  if (error !== undefined) {
    const { line, col: column } = lines.linePos(error.pos[0]);
    const [expected, got, wayOut] = inWords(error);
    refuse(expected, got, wayOut, { line, column });
  }
  const lost = withoutAnchor(document);
  if (lost !== undefined) {
    const { line, col: column } = lines.linePos(lost.range?.[0] ?? 0);
    refuse("an alias whose anchor is set above it", "one without", "write the values out, or put quotes around a text that begins with `*`", { line, column });
  }
  const value = valueOf(document, (got) => refuse("anchors that are set once and used sparingly", got, "write the values out"));
  if (!isMap(document.contents)) refuse("a mapping with `config:`", value === null ? "nothing but comments" : show(value), "begin with `config:` and the keys of the system below it", { line: 1, column: 1 });
  const file = { name, document, lines, value: mapping(value) };
  const { config = {} } = file.value;
  if (config !== null && config !== mapping(config)) refuse("keys with values under `config:`", show(config), "write them below it, each with two spaces before it", find(file, [], "config")?.place);
  known.set(join(folder, name), { text, file });
  return file;
}

function valueOf(document: Document, refuse: (got: string) => never): unknown {
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    return refuse(`more than ${MOST_ALIASES} values that stand for others`);
  }
}

/** It may be somebody's password, which is why no message repeats its name. */
function withoutAnchor(document: Document): Alias | undefined {
  let lost: Alias | undefined;
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) !== undefined) return undefined;
      lost = alias;
      return visit.BREAK;
    },
  });
  return lost;
}

const manyDashes = new RegExp(`^ *(?:[-?] +){${MOST_LEVELS}}`);

/** The line at which flow brackets or compact lists go deeper than the parser can follow. */
function tooDeep(text: string): number | undefined {
  let depth = 0;
  const index = text.split("\n").findIndex((line) => {
    for (const character of line) {
      if (character === "[" || character === "{") depth += 1;
      else if (character === "]" || character === "}") depth -= 1;
      if (depth > MOST_LEVELS) return true;
    }
    return manyDashes.test(line);
  });
  return index < 0 ? undefined : index + 1;
}

export interface Found {
  readonly place: Place;
  /** What of the path was not found: the place is that of the nearest key above it. */
  readonly left: string;
}

/** Follows a written path from below `start`. Nothing when `start` is not there. */
export function find({ document, lines, name }: YamlFile, start: readonly string[], path: string): Found | undefined {
  let [node, offset, left]: [unknown, number, string] = [document.contents, 0, path];
  for (const key of start) {
    const pair = pairsOf(node, document).find(([candidate]) => candidate === key);
    if (pair === undefined) return undefined;
    [, node, offset] = pair;
  }
  for (let next = step(node, document, left); next !== undefined; next = step(node, document, left)) {
    [node, offset, left] = next;
  }
  const { line, col: column } = lines.linePos(offset);
  return { place: { file: name, line, column }, left };
}

/** One key or item further; a key may hold dots, so the longest that fits is meant. */
function step(node: unknown, document: Document, left: string): [unknown, number, string] | undefined {
  const rest = left.replace(/^\./, "");
  const [best] = pairsOf(node, document)
    .filter(([key]) => key !== "" && rest.startsWith(key) && /^($|[.[])/.test(rest.slice(key.length)))
    .toSorted(([one], [other]) => other.length - one.length);
  return best === undefined ? undefined : [best[1], best[2], rest.slice(best[0].length)];
}

/** Keys of a mapping, or `[0]`, `[1]` of a list; each with its value and where it stands. */
function pairsOf(node: unknown, document: Document): readonly (readonly [string, unknown, number])[] {
  const resolved = isAlias(node) ? node.resolve(document) : node;
  if (isMap(resolved)) {
    return resolved.items.map(({ key, value }) => [isScalar(key) ? String(key.value) : "", value, (key as Node).range?.[0] ?? 0]);
  }
  if (isSeq(resolved)) return resolved.items.map((item, index) => [`[${index}]`, item, (item as Node).range?.[0] ?? 0]);
  return [];
}
