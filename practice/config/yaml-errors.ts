import type { YAMLError } from "yaml";

/**
 * What keeps a file from being read, as a sentence of ours is made of it. The parser's own message may quote the line, in
 * which somebody's password can stand: what may be quoted has words here, and of the rest nothing that follows a colon.
 */
export function inWords({ code, message }: YAMLError): readonly [expected: string, got: string, wayOut: string] {
  if (code === "TAB_AS_INDENT") return ["spaces at the beginning of a line", "a tab", "replace it by two spaces for each level"];
  if (code === "DUPLICATE_KEY") return ["each key once", "the same key a second time", "remove one of the two, or rename it"];
  if (code === "MULTIPLE_DOCS") return ["one document", "a second one after `---`", "remove the line `---` and what follows"];
  if (code === "TAG_RESOLVE_FAILED") return ["a value", "a tag that YAML does not know", "remove it, or put quotes around a text that begins with `!`"];
  if (code === "BAD_DQ_ESCAPE") return ["a backslash that YAML knows the meaning of", "another", "write it twice, or put single quotes around the text"];
  if (message.startsWith("Block scalar header")) return ["a text in the lines below `|` or `>`", "one that follows on the same line", "put it below, or put quotes around a text that begins with one of them"];
  const reason = message.replace(/:? *".*$/s, "").replace(/: .*$/s, "");
  return ["YAML that can be read", `something else (${reason.charAt(0).toLowerCase()}${reason.slice(1)})`, "mend this line or the one above it"];
}
