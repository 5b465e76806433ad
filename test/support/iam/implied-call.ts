import { ACCOUNT } from "./declared-stack.ts";

/** What has to be allowed. `context`: condition keys that are sent along with this one call. */
export type Need = readonly [action: string, arn: string, context?: Readonly<Record<string, string>>];

/** What AWS's services do by themselves, in a role's name or in their own, so that the practice works at all. */
export interface ImpliedCalls {
  readonly who: string;
  /** Name of the role. Absent: the service asks in its own name, and only a resource's policy can allow it. */
  readonly role?: string;
  readonly service: string;
  readonly needs: readonly Need[];
  /** Actions that are also allowed on what nobody asks them of, each with the reason. */
  readonly idle?: Readonly<Record<string, string>>;
  /** Code of ours works with the role too: what that calls is recorded, and held against the role in test/least-privilege/handlers.test.ts. */
  readonly runsOurs?: true;
  /** Condition keys that the service sends along. */
  readonly context?: Readonly<Record<string, string>>;
}

/** So another account's resource cannot make a service use ours. */
export const fromHere = { "aws:SourceAccount": ACCOUNT } as const;
