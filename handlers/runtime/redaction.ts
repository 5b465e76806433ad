export type Redact = (text: string) => string;

const SHOWN_INSTEAD = "[redacted]";

/** Takes the given secrets, as far as they are known, out of a text, also where they stand percent-encoded as in a connection string. */
export function redactionOf(secrets: readonly (string | undefined)[]): Redact {
  const forms = secrets.flatMap((secret) => (secret === undefined || secret === "" ? [] : [secret, encodeURIComponent(secret)]));
  // Longest first: a password that is part of a connection string must not leave the rest of it behind.
  const ordered = [...new Set(forms)].toSorted((one, other) => other.length - one.length);
  return (text) => ordered.reduce((shown, secret) => shown.replaceAll(secret, SHOWN_INSTEAD), text);
}
