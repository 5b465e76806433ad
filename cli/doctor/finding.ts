/** Ok: as the stack needs it. Problem: `pulumi up` or a backup will fail. Unknown: nobody could look, and the way out says why. */
export type State = "ok" | "problem" | "unknown";

export interface Finding {
  readonly check: string;
  readonly state: State;
  readonly found: string;
  /** Absent only where all is well. */
  readonly wayOut?: string;
}

export const ok = (check: string, found: string): Finding => ({ check, state: "ok", found });
export const problem = (check: string, found: string, wayOut: string): Finding => ({ check, state: "problem", found, wayOut });
export const unknown = (check: string, found: string, wayOut: string): Finding => ({ check, state: "unknown", found, wayOut });

/** What a check found; or, where it could not look, that. One refused question must not hide the answers to all others. */
export async function asked(check: string, look: () => Promise<readonly Finding[] | Finding>): Promise<readonly Finding[]> {
  try {
    return [await look()].flat();
  } catch (error) {
    return [unknown(check, reasonOf(error), wayOutOf(error))];
  }
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : "");

/** AWS's own words name the action that was refused, never a value. */
const reasonOf = (error: unknown): string => `could not look: ${error instanceof Error ? error.message.split("\n")[0] ?? "" : String(error)}`;

const wayOutOf = (error: unknown): string => (/AccessDenied|Unauthorized|Forbidden/.test(nameOf(error))
  ? "Use credentials that may read this, e.g. with AWS's own policies ReadOnlyAccess and, for the secrets, secretsmanager:GetSecretValue."
  : "Try again; if it stays, look whether AWS can be reached from here.");
