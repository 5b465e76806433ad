import type { Account } from "../../cli/doctor/account.ts";
import { namesIn, type Subject } from "../../cli/doctor/subject.ts";
import { Maintenance } from "../../components/maintenance.ts";
import type { Settings } from "../../practice/config/settings.ts";
import type { Plan } from "../../practice/plan/entries.ts";
import { planFor } from "./campus.ts";
import { previewed } from "./preview.ts";

export const NOW = new Date("2026-11-23T12:00:00Z");

/** What the doctor is told of the reference system, with parts of it changed; all but the account. */
export async function subjectWithout(parts: Partial<Settings> = {}): Promise<Omit<Subject, "account" | "number">> {
  const plan: Plan = planFor(parts);
  const { resources, byName } = await previewed(() => void new Maintenance("campus", { plan }));
  return { plan, now: NOW, namesOf: namesIn(resources, byName("campus", Maintenance.type).urn) };
}

/** An account that answers what a test taught it, and throws at every other question. */
export const accountThat = (answers: Partial<Account>): Account => new Proxy(answers, {
  get: (taught, question: string) => taught[question as keyof Account] ?? (() => {
    throw new Error(`Nobody taught this account to answer: ${question}.`);
  }),
}) as Account;
