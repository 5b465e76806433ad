import { Bucket } from "@pulumi/aws/s3/bucket.js";
import type { PolicyResource, ReportViolation, StackValidation } from "@pulumi/policy";
import { componentTypes, parentsOf } from "./components.ts";
import { eachKnown, ifKnown } from "./known.ts";
import { demandMatch, entriesOf } from "./plan.ts";
import { tagKeys, tagsOf } from "./tags.ts";

/** Buckets that hold backups: those of the component, and any other that says of itself that it does. */
export const backupStores = (resources: readonly PolicyResource[]): readonly PolicyResource[] =>
  resources.filter((resource) => resource.isType(Bucket) && (
    parentsOf(resource).some(({ type }) => type === componentTypes.store) ||
    ifKnown(() => tagsOf(resource.props)[tagKeys.practice]) === "backup"));

type JudgeStore = (store: PolicyResource, resources: readonly PolicyResource[], report: (message: string) => void) => void;

/** A rule about each backup store of the stack. */
export const validateStores = (judge: JudgeStore): StackValidation => (args, report: ReportViolation) => {
  const { resources } = args;
  const stores = backupStores(resources);
  demandMatch(stores, entriesOf(resources, "store"), "a backup store", args, report);
  eachKnown(stores, (store) => judge(store, resources, (message) => report(message, store.urn)));
};
