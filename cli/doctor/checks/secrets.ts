import { only } from "../../../preview/render/terminal/of-kind.ts";
import type { DatabaseBackupEntry } from "../../../practice/plan/entries.ts";
import { asked, type Finding, ok, problem, unknown } from "../finding.ts";
import { isKnown, type Subject } from "../subject.ts";

/** Each secret is there, can be decrypted by whoever makes the backup, and says what it needs. */
export async function secrets(subject: Subject): Promise<readonly Finding[]> {
  const entries = only(subject.plan.entries, "database-backup").filter(({ again }) => again === undefined);
  const onHosts = only(subject.plan.entries, "host-backup").filter(({ again }) => again === undefined);
  const wanted = [
    ...entries.map((entry): Wanted => ({ ...entry, of: "database" })),
    // A host looks for its database on itself where the secret names no other.
    ...onHosts.flatMap(({ secret, ...entry }): readonly Wanted[] => (secret === undefined ? [] : [{ ...entry, secret, host: "localhost", of: "database" }])),
    ...only(subject.plan.entries, "repository-backup").flatMap(({ secret, ...entry }): readonly Wanted[] => (secret === undefined ? [] : [{ ...entry, secret, of: "repository" }])),
  ];
  return (await Promise.all(wanted.map((one) => asked(`secret of ${one.source}`, () => secretOf(one, subject))))).flat();
}

interface Wanted extends Pick<DatabaseBackupEntry, "source" | "secret" | "secretKey" | "host" | "from"> {
  readonly of: "database" | "repository";
}

/** What a secret holds, as whoever creates it needs to know. */
const contents: Readonly<Record<Wanted["of"], string>> = { database: "username, password and host", repository: "a token that may read the code" };

async function secretOf({ source, secret, secretKey, host, from, of }: Wanted, { account }: Subject): Promise<Finding> {
  const check = `secret of ${source}`;
  if (!isKnown(secret)) return unknown(check, "its name is known only after an update", "Run this again after `pulumi up`.");
  const found = await account.secret({ name: secret, of, ...(isKnown(host) ? { host } : {}) });
  if (found === undefined) return problem(check, `there is no secret ${secret}`, `Create it in Secrets Manager with ${contents[of]}, or name the one that exists.`);
  if (found.wrong !== undefined) return problem(check, found.wrong, "Write a new value; nothing has to be deployed for it.");
  if (found.key === undefined) return ok(check, `${secret}, readable, has what the backup needs`);
  if (secretKey === undefined) {
    return problem(check, `${secret} is encrypted with ${found.key}, and the stack file names no key`, `Add \`secretKey: ${found.key}\` where ${from} has its secret.`);
  }
  const state = await account.keyState(found.key);
  if (state !== "Enabled") return problem(check, `its key ${found.key} is ${state ?? "gone"}`, "Enable the key, or encrypt the secret with another.");
  return isKnown(secretKey) && !sameKey(secretKey, found.key)
    ? problem(check, `${secret} is encrypted with ${found.key}, the stack file names ${secretKey}`, "Mend `secretKey`.")
    : ok(check, `${secret}, readable, has what the backup needs`);
}

/** A secret may name its key by id alone. */
const sameKey = (one: string, other: string): boolean => one.split("/").at(-1) === other.split("/").at(-1);
