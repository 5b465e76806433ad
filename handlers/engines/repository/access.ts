import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import * as z from "zod/mini";
import { parsedSecret } from "../credentials.ts";
import type { RepositoryAccess } from "./git-server.ts";

const line = z.string().check(z.regex(/^[!-~]+$/));

/** What the secret of a repository holds; whatever else stands in it is left alone. */
const accessShape = z.object({ token: line, username: z.optional(line) });

/** Reads the current version of a secret. An error names what is wrong with it, never what it holds. */
export async function readRepositoryAccess(secrets: SecretsManagerClient, name: string, signal: AbortSignal): Promise<RepositoryAccess> {
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: name }), { abortSignal: signal });
  const result = accessShape.safeParse(parsedSecret(SecretString));
  if (!result.success) {
    const wrong = [...new Set(result.error.issues.map(({ path }) => (path.length === 0 ? "no JSON object" : `${path.join(".")} is missing or wrong`)))];
    throw new Error(`Expected the secret ${name} to be JSON with a token that may read the code, as {"token": "..."}, and a username where the server wants a certain one. It is not: ${wrong.join(", ")}.`);
  }
  const { token, username } = result.data;
  return { token, ...(username === undefined ? {} : { username }) };
}
