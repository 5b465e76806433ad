import { isCalledSecret, isHarmless, isNameOfSecret } from "../../../practice/config/secret-keys.ts";
import { secretForm } from "../../../practice/config/secrets.ts";
import { nearestOf } from "../../../practice/config/words/nearest.ts";

const NOT_SHOWN = "[not shown]";

/** A key and what follows it: plain or quoted, in JSON too. */
const keyForm = /("[^"]*"|'[^']*'|[\w.:-]*\w)\s*:(?=\s|$|["'[{])/g;

/** Sections whose keys may hold a secret under whatever name somebody gives it. */
const open = ["databases", "channels"];

/** A line of a stack file as it may be shown: no secret is repeated into a log. `path` is that of the problem in it. */
export function showable(lines: readonly string[], index: number, path = ""): string {
  const line = lines[index] ?? "";
  const above = keysAbove(lines, index);
  const inOpen = [...above, ...keysIn(line).map(({ name }) => name)].some((key) => open.includes(nearestOf(key, open) ?? ""));
  const hides = (key: string): boolean => isCalledSecret(key) || (inOpen && !isHarmless(key));

  const keys = keysIn(line);
  // The rest of a value that began further up.
  if (keys.length === 0 && above[0] !== undefined && hides(above[0])) return hidden(line, 0);
  const from = keys.find(({ name, end, nested }) => {
    const rest = line.slice(end).trim();
    if (rest === "" || rest.startsWith("#") || !hides(name)) return false;
    if (!isCalledSecret(name)) return !rest.startsWith("{");
    const value = nested ? /^("[^"]*"|'[^']*'|[^,}]*)/.exec(rest)?.[0] ?? rest : rest;
    return path.endsWith(`.${name}`) || !isNameOfSecret(name, value);
  });
  if (from !== undefined) return hidden(line, from.end);
  return secretForm(line) === undefined ? line : hidden(line, /^[\s-]*[\w:.-]+:\s/.exec(line)?.[0].length ?? 0);
}

/** Everything after this place: where a value ends, only the parser knows. */
const hidden = (line: string, from: number): string => `${from === 0 ? /^\s*/.exec(line)?.[0] ?? "" : `${line.slice(0, from).trimEnd()} `}${NOT_SHOWN}`;

interface Key {
  /** Without its namespace. */
  readonly name: string;
  /** Where its value begins. */
  readonly end: number;
  readonly nested: boolean;
}

const keysIn = (line: string): readonly Key[] =>
  [...line.matchAll(keyForm)].map(({ 0: text, 1: key = "", index }) => ({
    name: key.replaceAll(/["']/g, "").split(":").at(-1) ?? key,
    end: index + text.length,
    nested: /[{[]/.test(line.slice(0, index)),
  }));

/** The keys that a line stands under, the nearest first, told by their indentation. */
function keysAbove(lines: readonly string[], index: number): readonly string[] {
  const found: string[] = [];
  let depth = indentOf(lines[index] ?? "");
  for (let at = index - 1; at >= 0 && depth > 0; at -= 1) {
    const line = lines[at] ?? "";
    const [key] = keysIn(line);
    if (key === undefined || indentOf(line) >= depth) continue;
    depth = indentOf(line);
    found.push(key.name);
  }
  return found;
}

const indentOf = (line: string): number => /^ */.exec(line)?.[0].length ?? 0;
