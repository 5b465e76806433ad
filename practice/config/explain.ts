import type * as z from "zod";
import { mapping } from "./mapping.ts";
import { listed, sentence, type Problem } from "./problems.ts";
import type { UnknownKey } from "./schema/leaf.ts";
import { isCalledSecret } from "./secret-keys.ts";
import { show, written } from "./show.ts";
import { nearestOf } from "./words/nearest.ts";

/** A longer list of keys is no help: the nearest one is. */
const MOST_KEYS_LISTED = 16;

/** Zod's issue as a problem with the path that the person wrote. The messages of values are whole already. */
export function explain(issue: z.core.$ZodIssue, root: string): Problem {
  const path = [root, ...issue.path];
  const unknown = issue.code === "custom" ? (issue.params as UnknownKey | undefined) : undefined;
  return { path: written(path), message: unknown === undefined ? issue.message : unknownKey(String(path.at(-1)), unknown) };
}

/** The path of the missing key that an unknown one most likely stands for. */
export function keyMeant(issue: z.core.$ZodIssue, root: string, said: unknown): string | undefined {
  if (issue.code !== "custom" || issue.params === undefined) return undefined;
  const [above, key] = [issue.path.slice(0, -1), String(issue.path.at(-1))];
  const parent = above.reduce((value: unknown, part) => mapping(value)[String(part)], said);
  const near = nearestOf(key, (issue.params as UnknownKey).known.filter((name) => !Object.hasOwn(mapping(parent), name)));
  return near === undefined ? undefined : written([root, ...above, near]);
}

/** The same for the keys at the top, which no schema sees together. */
export function unknownKey(key: string, { known, noun }: UnknownKey): string {
  const near = nearestOf(key, known);
  const expected = known.length > MOST_KEYS_LISTED ? noun : `${noun}: ${listed(known, "or")}`;
  const elsewhere = known.includes("secret") && isCalledSecret(key)
    ? "remove it, and change what stood here if it is a password: the NAME of a Secrets Manager secret belongs under `secret`"
    : "remove it, or look for its place one level up or down";
  return sentence(expected, show(key), near === undefined ? elsewhere : `did you mean \`${near}\`? Write that, or remove it`);
}
