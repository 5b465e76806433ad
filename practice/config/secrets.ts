import { isDeferred } from "./deferred.ts";

/** A secret that stands where only its name may stand: never printed, only named by its kind. */
export interface FoundSecret {
  readonly path: readonly (string | number)[];
  /** What is said instead of it. */
  readonly kind: string;
  readonly wayOut: string;
}

const nameSecret = "Put it into a Secrets Manager secret and write the secret's name here";
const changeToo = "it can be read by everyone who reads this file, so change it as well";

interface SecretForm {
  readonly pattern: RegExp;
  readonly kind: string;
  readonly wayOut: string;
}

/** Addresses at which who knows them may post: the path is the key. */
const webhooks = [
  String.raw`\bhooks\.(slack|zapier)\.com/`,
  String.raw`\bwebhook\.office\.com/|\boutlook\.office(365)?\.com/webhook`,
  String.raw`\.logic\.azure\.(com|us)\b.*/workflows/|\.powerplatform\.com\b.*/workflows/`,
  String.raw`\.azurewebsites\.net/.*[?&]code=`,
  String.raw`\bdiscord(app)?\.com/api/webhooks/`,
  String.raw`\bevents(\.eu)?\.pagerduty\.com/\w`,
  String.raw`\balert\.victorops\.com/integrations/`,
  String.raw`\bapi\.telegram\.org/bot`,
  String.raw`\bgrafana\.net/integrations/`,
];

/** What gives itself away as a secret by its form. */
const forms: readonly SecretForm[] = [
  { pattern: /\b(mongodb(\+srv)?|postgres(ql)?|rediss?|mysql|mariadb|amqps?):\/\/[^\s@]*:[^\s@]*@/i, kind: "a connection string with a password", wayOut: `${nameSecret}; ${changeToo}` },
  { pattern: /\b(ssl)?password=[^\s&]/i, kind: "a connection string with a password", wayOut: `${nameSecret}; ${changeToo}` },
  { pattern: /:\/\/[^\s/?#]*@/, kind: "an address with credentials", wayOut: `${nameSecret}, or leave the credentials out; ${changeToo}` },
  {
    // `routing_key`, `apiKey`, `X-Amz-Signature`: what the last word of a parameter's name calls its value.
    pattern: /[?&;][^\s?&;=]*(token|secret|key|sig|signature|passw(or)?d|pwd|auth|credentials?)=[^\s&]/i,
    kind: "an address with credentials", wayOut: `${nameSecret}, or leave the credentials out; ${changeToo}`,
  },
  {
    pattern: new RegExp(webhooks.join("|"), "i"),
    kind: "a webhook address, which is a secret in itself",
    wayOut: `Subscribe the channel to the topic through AWS Chatbot, or name an address of your own that forwards; ${changeToo}`,
  },
  {
    pattern: /["'](password|passwd|pwd|secret|token|api_?key)["']\s*:\s*["']?[^\s"']/i,
    kind: "credentials as JSON", wayOut: "Put them into a Secrets Manager secret and write that secret's NAME here; they can be read by everyone who reads this file, so change them as well",
  },
  {
    // Without the space after its colon YAML takes a line for a text, and a message would show it as the value of the key above.
    pattern: /(^|\s)["']?\w*(password|passwd|pwd|secret|token|api_?key)["']?:[^\s/:]/i,
    kind: "a key and its value in one word", wayOut: `Put a space after the colon, and let the value be the NAME of a Secrets Manager secret; if it was a password, ${changeToo}`,
  },
  { pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----/, kind: "a private key", wayOut: `${nameSecret}; ${changeToo}` },
  { pattern: /\b(gh[pousr]_\w{20}|github_pat_\w{20}|glpat-[\w-]{20})/, kind: "a token of a git server", wayOut: `${nameSecret}; ${changeToo}` },
  { pattern: /\b(AKIA|ASIA)[A-Z0-9]{16}\b/, kind: "an access key", wayOut: `Leave it out: roles are made for what runs; ${changeToo}` },
];

/** The kind of secret that a text is or holds. */
export const secretForm = (text: string): SecretForm | undefined => forms.find(({ pattern }) => pattern.test(text));

/** Pulumi's encrypted values: one nested in a key makes the whole key unknown in a preview. */
const encrypted = {
  kind: "an encrypted value (`secure:`)",
  wayOut: "One of them makes the whole key unknown in a preview. Put the value into a Secrets Manager secret and write the secret's name here",
} as const;

/** Every secret below a value, with its path from there. */
export function findSecrets(value: unknown, path: readonly (string | number)[] = []): readonly FoundSecret[] {
  if (typeof value === "string") {
    const form = secretForm(value);
    return form === undefined ? [] : [{ path, kind: `${form.kind} (not shown)`, wayOut: form.wayOut }];
  }
  if (typeof value !== "object" || value === null || isDeferred(value)) return [];
  if (Array.isArray(value)) return value.flatMap((item: unknown, index) => findSecrets(item, [...path, index]));
  if ("secure" in value && typeof value.secure === "string") return [{ path, ...encrypted }];
  return Object.entries(value).flatMap(([key, item]) => {
    const form = secretForm(key);
    const inKey = form === undefined ? [] : [{ path: [...path, key], kind: `${form.kind} (not shown)`, wayOut: form.wayOut }];
    return [...inKey, ...findSecrets(item, [...path, key])];
  });
}
