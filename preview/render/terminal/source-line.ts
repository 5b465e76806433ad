import { secretForm } from "../../../practice/config/secrets.ts";

/** Keys under which a person may have written a secret in clear. A log must not repeat it. */
const secretKey = /((?:[\w-]*(?:pass(?:word|wd|phrase)?|pwd|token|credential|private|secure|api[-_]?key)[\w-]*)["']?\s*:\s*)[^,}\s][^,}]*/gi;

const NOT_SHOWN = "[not shown]";

/** A line of a stack file as it may be shown, and where the caret stands in it. */
export function showable(line: string): string {
  if (secretForm(line) === undefined) return line.replaceAll(secretKey, `$1${NOT_SHOWN}`);
  const key = /^[\s-]*[\w:.-]+:\s/.exec(line)?.[0] ?? "";
  return `${key}${NOT_SHOWN}`;
}
