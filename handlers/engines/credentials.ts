import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import * as z from "zod/mini";
import { backupEnvironment } from "../../practice/contract/environment.ts";

const text = z.string().check(z.minLength(1));
const port = z.union([z.int(), z.pipe(z.string().check(z.regex(/^\d+$/)), z.transform(Number))]).check(z.minimum(1), z.maximum(65535));

/**
 * How to get into a database, as its secret says. The names are those that RDS and Secrets Manager write; others are
 * left alone. `uri` (MongoDB only) replaces all the rest.
 */
const credentialsShape = z.union([
  z.object({ uri: z.string().check(z.regex(/^mongodb(\+srv)?:\/\//)), caCertificate: z.optional(text) }),
  z.object({
    username: text,
    password: text,
    host: text,
    port: z.optional(port),
    /** MongoDB: where the user is defined. Default: admin. */
    authSource: z.optional(text),
    /** MongoDB: false only where the server has no TLS. Default: true. */
    tls: z.optional(z.boolean()),
    /** PostgreSQL. Default: require, or verify-full when there is a certificate to verify with. */
    sslmode: z.optional(z.enum(["disable", "allow", "prefer", "require", "verify-ca", "verify-full"])),
    /** PEM text of the authorities that the server's certificate must come from. */
    caCertificate: z.optional(text),
  }),
]);

export type Credentials = z.infer<typeof credentialsShape>;
export type UserCredentials = Extract<Credentials, { readonly username: string }>;

/**
 * How a person on a machine of his own gets in: as the database's own programs find it there. Never what a secret
 * holds, so a function always has user and password. PostgreSQL only; the other engines' programs look for nothing.
 */
export interface OwnAccess {
  readonly host: string;
  readonly port?: number;
  /** Absent: the programs take the name of the person's account. */
  readonly username?: string;
  /** Absent: the programs look into the person's password file, or need none. */
  readonly password?: string;
  /** What the programs get besides: the person's own settings, among them where the password file is. No secret. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface DatabaseSecret {
  readonly name: string;
  /** Used where the secret names none: RDS writes only username and password into those that it manages. */
  readonly host?: string | undefined;
}

/** Reads the current version of a secret. An error names what is wrong with it, never what it holds. */
export async function readCredentials(secrets: SecretsManagerClient, { name, host }: DatabaseSecret, signal: AbortSignal): Promise<Credentials> {
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: name }), { abortSignal: signal });
  const result = credentialsShape.safeParse(withHost(parsedSecret(SecretString), host));
  if (result.success) return result.data;
  throw new Error(
    `Expected the secret ${name} to be JSON with username, password and host (port, authSource, tls, sslmode and caCertificate `
    + `if needed), or with the uri of a MongoDB. It is not: ${wrongParts(result.error.issues).join(", ")}. `
    + `The host of a secret without one, as RDS manages it, is taken from the stack file's \`host\` of the source (${backupEnvironment.host}).`,
  );
}

/** JSON's own message quotes what it could not read. */
export function parsedSecret(json: string | undefined): unknown {
  try {
    return JSON.parse(json ?? "");
  } catch {
    return undefined;
  }
}

const withHost = (value: unknown, host: string | undefined): unknown =>
  (host !== undefined && typeof value === "object" && value !== null && !Array.isArray(value) ? { host, ...value } : value);

const wrongParts = (issues: readonly z.core.$ZodIssue[]): readonly string[] => {
  const parts = issues.flatMap((issue) => (issue.code === "invalid_union" ? issue.errors.at(-1) ?? [] : [issue]))
    .map(({ path }) => path.join("."));
  return parts.includes("") || parts.length === 0 ? ["no JSON object"] : parts.map((part) => `${part} is missing or wrong`);
};
