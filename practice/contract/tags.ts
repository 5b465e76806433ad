/** Every taggable resource carries the first four, so that people, policies and bills recognise it. */
export const tagKeys = {
  system: "upkeep:system",
  stack: "upkeep:stack",
  /** The area of the practice: `backup`, `retention`... */
  practice: "upkeep:practice",
  owner: "upkeep:owner",
} as const;

/** A backup object gets it when its days are over and a newer verified one exists; only then may lifecycle expire it. */
export const supersededTag = { key: "upkeep:superseded", value: "true" } as const;
