import { isCollection, isPair, isScalar, Scalar, visit, type Document, type YAMLError } from "yaml";

/** A quote or a bracket that is open when something else must follow. */
export interface Opening {
  readonly offset: number;
  readonly opened: string;
  readonly closing: string;
}

const closings: Readonly<Record<string, string>> = { "[": "]", "{": "}", '"': '"', "'": "'" };

/**
 * Where what an error is about was opened; nothing when the error is another. The parser reports where it gave up, which
 * is the next line or the end of the file.
 */
export function neverClosed(document: Document, { code, pos: [gaveUp], message }: YAMLError, text: string): Opening | undefined {
  const quote = code === "MISSING_CHAR" && message.includes("closing");
  // A bracket of the other kind is not one that is missing.
  if (!quote && !(code === "BAD_INDENT" && message.startsWith("Flow") && !/[\]}]/.test(text[gaveUp] ?? ""))) return undefined;
  const bracket = message.includes("sequence") ? "[" : "{";
  let found: Opening | undefined;
  visit(document, (_, node) => {
    if (isPair(node) || !(isScalar(node) || isCollection(node))) return;
    const [offset, , end = Number.POSITIVE_INFINITY] = node.range ?? [];
    const opened = text[offset ?? -1] ?? "";
    const fits = quote ? isScalar(node) && (node.type === Scalar.QUOTE_DOUBLE || node.type === Scalar.QUOTE_SINGLE) : isCollection(node) && opened === bracket;
    const closing = closings[opened];
    // Of several, the one opened last before the parser gave up.
    if (fits && closing !== undefined && offset !== undefined && offset <= gaveUp && end >= gaveUp && (found === undefined || offset > found.offset)) found = { offset, opened, closing };
  });
  return found;
}
