import type { Plan } from "../../../practice/plan/entries.ts";
import { type Finding, ok, problem } from "../finding.ts";
import { isKnown } from "../subject.ts";

/** The credentials are of the account that the stack belongs to. All other checks would speak of a stranger's account. */
export function credentials({ region, system }: Plan, number: string): Finding {
  const check = "credentials";
  if (!isKnown(system.account) || number === system.account) return ok(check, `account ${number}, ${region}`);
  return problem(check, `account ${number}, the stack file says ${system.account}`,
    "Choose the right ones (AWS_PROFILE), or mend upkeep:system.account.");
}

/** Nobody was there to ask, or nobody answered. */
export const noCredentials = (error: unknown): Finding => problem(
  "credentials",
  `AWS could not be asked who they belong to: ${error instanceof Error ? error.message.split("\n")[0] ?? "" : String(error)}`,
  "Log in (aws sso login, or AWS_PROFILE, or AWS_ACCESS_KEY_ID), then run this again.",
);
