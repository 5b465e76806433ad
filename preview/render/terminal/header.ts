import { isBackup } from "../../../practice/plan/backup-kinds.ts";
import type { Plan } from "../../../practice/plan/entries.ts";
import { columns, counted } from "./lines.ts";
import { only } from "./of-kind.ts";
import type { Page } from "./page.ts";

/** Which system this is about, and how much of it there is. */
export function header(plan: Plan, resources: { readonly resources: number; readonly components: number }, page: Page): readonly string[] {
  const { system, stack, region, entries } = plan;
  const backups = entries.filter(isBackup).length;
  const account = typeof system.account === "string" ? `account ${system.account}` : "account known at the update";
  return [
    `${page.paint("strong", system.name)}, stack ${page.paint("strong", stack)}`,
    ...columns([
      [page.paint("faint", "system"), `${system.production ? "production" : "not production"}, ${region}, ${account}`],
      [page.paint("faint", "owner"), system.owner],
      [page.paint("faint", "time zone"), system.timeZone],
      [page.paint("faint", "practice"), `${counted(backups, "backup")}, ${counted(only(entries, "alert").length, "alert")}`],
      [page.paint("faint", "resources"), `${resources.resources} in ${counted(resources.components, "component")}`],
    ], page),
  ];
}
