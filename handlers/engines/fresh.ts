/**
 * Seconds that a server beside a drill may be old. Code and programs are fetched meanwhile, and it is waited for; one that
 * has run for longer was started by somebody else.
 */
export const FRESH_SECONDS = 3600;

/** The server beside the drill is not one that was started empty for it. */
export class NotFresh extends Error {
  override readonly name = "NotFresh";
}

/** Throws unless the server is as it was started: just now, and holding nothing. Nothing was written by then. */
export function expectFresh(address: string, { ageSeconds, holds }: { readonly ageSeconds: number; readonly holds: readonly string[] }): void {
  const reasons = [
    ...(ageSeconds >= 0 && ageSeconds <= FRESH_SECONDS ? [] : [`it is ${Math.round(ageSeconds)} s old, which is not the age of one that was started for this drill (at most ${FRESH_SECONDS} s)`]),
    ...(holds.length === 0 ? [] : [`it holds ${holds.join(", ")}`]),
  ];
  if (reasons.length > 0) throw new NotFresh(`Expected a server at ${address} that was started empty beside this drill, it was not: ${reasons.join("; ")}. Nothing was written to it; start the drill again, with a new server.`);
}
