import { randomBytes } from "node:crypto";

/** Passwords of the servers that this test file started. */
const secrets = new Set<string>();

export function newPassword(): string {
  const password = randomBytes(12).toString("hex");
  secrets.add(password);
  return password;
}

/** Gives back what was said, or throws when there is a password in it. `where`: as the error calls it. */
export function withoutSecrets(where: string, said: string): string {
  for (const secret of secrets) {
    if (said.includes(secret)) throw new Error(`Expected no password in ${where}, got one: ${said.replaceAll(secret, "[the password]").slice(0, 2_000)}`);
  }
  return said;
}
