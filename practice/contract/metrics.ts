/** CloudWatch namespace of everything the handlers publish. */
export const metricNamespace = "Upkeep";

/** Dimensions of a gauge about one source; gauges about the whole stack leave `source` out. */
export const metricDimensions = { system: "System", stack: "Stack", source: "Source" } as const;

/** Gauges. The unit is in the name. Retention publishes `backupsHeldBack`, evidence all the others: each has one source. */
export const metricNames = {
  /** Seconds since the scheduled time of the newest backup whose manifest is sound and whose dump is there, by size and checksum. */
  backupAge: "BackupAgeSeconds",
  /** Size of the newest backup's stored object. */
  backupBytes: "BackupBytes",
  /** Backups whose days are over but that had to be kept, because nothing newer with content was verified in every region. */
  backupsHeldBack: "BackupsHeldBack",
  /** 1 while no backup is in the second region that is as new as the newest of two hours ago, else 0. Only where there is a second region. */
  backupsNotCopied: "BackupsNotCopied",
  /** Size of the newest backup, percent of the median of up to seven before it; none where there are fewer than three. */
  backupSizeOfMedian: "BackupSizeOfMedianPercent",
  /** How far that is from 100, up or down. */
  backupSizeOff: "BackupSizeOffMedianPercent",
  /** Levels whose newest check that could be made says that a backup is not what its manifest says. */
  backupsCorrupted: "BackupsCorrupted",
  /** Seconds since the newest good check of each level began; where none ever was good, since the first trace of a backup. */
  checksumsAge: "ChecksumsAgeSeconds",
  decodeAge: "DecodeAgeSeconds",
  restoreAge: "RestoreAgeSeconds",
  /** What the newest good restore took: the measured RTO. */
  restoreDuration: "RestoreDurationMilliseconds",
  /** 1 at each completed run of the evidence function: its absence means that nobody looks. */
  evidenceRuns: "EvidenceRuns",
} as const;
