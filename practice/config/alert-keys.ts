/** Alerts on an age, which may be late by its schedule, as the stack file calls them. */
export const ageAlertKeys = ["backupAge", "unverifiedChecksums", "unverifiedDecode", "unverifiedRestore"] as const;

/** Of these only the severity can be chosen: the sizes and counts that raise them are those by which the checks themselves judge. */
export const otherAlertKeys = [
  "backupFailed", "backupNotStarted", "notCopied", "heldBack", "corrupted", "tooSmall", "suspicious", "checkFailed", "checkNotStarted", "drillFailed",
  "drillNotStarted", "snapshotMissing", "snapshotFailed", "snapshotNotCopied", "snapshotRestoreFailed", "functionFailed", "functionNotStarted", "evidenceSilent",
] as const;

export type AgeAlertKey = (typeof ageAlertKeys)[number];
export type AlertKey = AgeAlertKey | (typeof otherAlertKeys)[number];
