/** The keys that the practice promises to put on its resources; repeated here, so that a mistake there is noticed here. */
export const tagKeys = {
  system: "upkeep:system",
  stack: "upkeep:stack",
  practice: "upkeep:practice",
  owner: "upkeep:owner",
} as const;

/** Only an object with this tag may expire. */
export const supersededTag = { key: "upkeep:superseded", value: "true" } as const;

/** `tagsAll` holds the provider's default tags too, where a provider has looked at the resource; `tags` never does. */
export const tagsOf = (props: Record<string, unknown>): Readonly<Record<string, string>> =>
  (props["tagsAll"] ?? props["tags"] ?? {}) as Record<string, string>;
