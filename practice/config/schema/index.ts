import type * as z from "zod";
import { hosts } from "./hosts.ts";
import { notApplicable } from "./not-applicable.ts";
import { channels, quietHours, routing } from "./routing.ts";
import { repositories } from "./repositories.ts";
import { configuration, databases, files, weekly } from "./sources.ts";
import { store } from "./store.ts";
import { system } from "./system.ts";
import { alerts, datadog, endpoints } from "./watching.ts";
import type { Clock } from "./words.ts";

/** What stands under `upkeep:`, key by key. Words about time need to know what they are meant in. */
export const sections = (clock: Clock) => ({
  system,
  store,
  hosts,
  databases: databases(clock),
  files: files(clock),
  repositories: repositories(clock),
  weekly: weekly(clock).exactOptional(),
  configuration: configuration(clock).exactOptional(),
  endpoints,
  alerts,
  channels,
  routing,
  quietHours: quietHours(clock).exactOptional(),
  datadog: datadog.exactOptional(),
  notApplicable: notApplicable(clock),
});

export type Sections = ReturnType<typeof sections>;

type Written<Name extends keyof Sections> = z.input<Sections[Name]>;
type Optional = Exclude<keyof Sections, "system">;

/** What a person writes: the keys of a stack file, as typed arguments. Ids of existing resources may be Outputs. */
export type StackArgs =
  & { readonly system: Written<"system"> }
  & { readonly [Name in Optional]?: Exclude<Written<Name>, undefined> };
