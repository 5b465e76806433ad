import { BucketLifecycleConfiguration } from "@pulumi/aws/s3/bucketLifecycleConfiguration.js";
import type { PolicyResource } from "@pulumi/policy";
import { referring } from "./edges.ts";
import { supersededTag } from "./tags.ts";

type Configuration = NonNullable<ReturnType<typeof configurationOf>>;
export type LifecycleRule = NonNullable<Configuration["rules"]>[number];

const configurationOf = (resource: PolicyResource) => resource.asType(BucketLifecycleConfiguration);

/** The rules that work on a bucket; a disabled one does nothing. */
export const lifecycleOf = (bucket: PolicyResource, resources: readonly PolicyResource[]): readonly LifecycleRule[] =>
  referring(resources, BucketLifecycleConfiguration, "bucket", bucket)
    .flatMap((resource) => configurationOf(resource)?.rules ?? [])
    .filter(({ status }) => status === "Enabled");

/** Takes objects that are still the current ones. Providers report an unset number of days as 0. */
export const expiresCurrent = ({ expiration }: LifecycleRule): boolean =>
  (expiration?.days ?? 0) > 0 || isSet(expiration?.date);

/** Takes only what the retention function has marked, because something newer was verified. */
export const onlySuperseded = ({ filter }: LifecycleRule): boolean =>
  (filter?.tag?.key === supersededTag.key && filter.tag.value === supersededTag.value) ||
  filter?.and?.tags?.[supersededTag.key] === supersededTag.value;

export const coversEverything = ({ filter, prefix }: LifecycleRule): boolean =>
  !isSet(prefix) && !isSet(filter?.prefix) && !isSet(filter?.tag) && !isSet(filter?.and) &&
  !isSet(filter?.objectSizeGreaterThan) && !isSet(filter?.objectSizeLessThan);

/** Providers report what nobody set as nothing, as an empty text or as 0. */
const isSet = (value: unknown): boolean => value !== undefined && value !== null && value !== "" && value !== 0;
