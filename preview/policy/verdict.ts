/** `cannot-tell`: the rule met a value that only the cloud knows. `broken`: the rule itself failed. */
export type Outcome = "passed" | "violated" | "cannot-tell" | "not-applicable" | "broken";

/** What one rule says of one resource, or of the stack as a whole. */
export interface Verdict {
  readonly policy: string;
  /** The rule's own. Only a violation of it counts: a rule that cannot tell advises, as under Pulumi. */
  readonly level: "mandatory" | "advisory";
  readonly outcome: Outcome;
  readonly message: string;
  /** Absent: the stack as a whole. */
  readonly urn?: string;
}

/** Must not be deployed like this. */
export function blocks({ level, outcome }: Verdict): boolean {
  return outcome === "broken" || (outcome === "violated" && level === "mandatory");
}
