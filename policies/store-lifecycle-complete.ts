import type { StackValidationPolicy } from "@pulumi/policy";
import { coversEverything, expiresCurrent, lifecycleOf, type LifecycleRule, onlySuperseded } from "./internal/lifecycle.ts";
import { validateStores } from "./internal/stores.ts";

/** What a versioned bucket has to be told, or it grows for ever. Expiring an object there only hides it. */
const duties: readonly { readonly what: string; readonly done: (rule: LifecycleRule) => boolean }[] = [
  { what: "expire superseded objects", done: (rule) => expiresCurrent(rule) && onlySuperseded(rule) },
  {
    what: "expire noncurrent versions",
    done: (rule) => coversEverything(rule) && (rule.noncurrentVersionExpiration?.noncurrentDays ?? 0) > 0,
  },
  { what: "remove expired delete markers", done: (rule) => coversEverything(rule) && rule.expiration?.expiredObjectDeleteMarker === true },
  {
    what: "abort unfinished uploads",
    done: (rule) => coversEverything(rule) && (rule.abortIncompleteMultipartUpload?.daysAfterInitiation ?? 0) > 0,
  },
];

export const storeLifecycleComplete: StackValidationPolicy = {
  name: "store-lifecycle-complete",
  description: "A backup store's lifecycle takes all that is superseded, and never the last good backup.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps: "Let one rule expire objects tagged upkeep:superseded, and others take noncurrent versions, markers and unfinished uploads.",
  validateStack: validateStores((store, resources, report) => {
    const rules = lifecycleOf(store, resources);
    for (const { what } of duties.filter(({ done }) => !rules.some(done))) {
      report(`Expected the lifecycle of ${store.name} to ${what}, found no enabled rule that does. Add one.`);
    }
    for (const { id } of rules.filter((rule) => expiresCurrent(rule) && !onlySuperseded(rule))) {
      report(
        `Expected ${store.name} to expire only what is tagged upkeep:superseded, got the rule ${id}, which takes any backup by its age. ` +
        "Filter it by the tag: when backups stop, it would delete the last good one.",
      );
    }
  }),
};
