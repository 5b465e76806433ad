/**
 * The schedule's own time, never the time of delivery: a run without it would meet no other delivery of itself.
 *
 * @param where What should have said it, such as the name of a variable.
 */
export function readScheduledTime(text: unknown, where: string): Date {
  const at = new Date(typeof text === "string" ? text : "");
  if (!Number.isNaN(at.getTime())) return at;
  throw new Error(`Expected ${where} to hold the schedule's own time, such as 2026-11-23T02:00:00Z, it is ${text === undefined || text === "" ? "missing" : "no date"}.`);
}
