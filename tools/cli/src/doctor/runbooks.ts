/** The runbooks that `doctor` points to; most have the name of an alert that leads to them, too. */
export const RUNBOOKS = [
  'BackupNotVerified', 'BrokerDown', 'BuildsDiffer', 'CertificateNearEnd', 'CheckpointMissing', 'ClockWrong', 'ConsumerLagging', 'DatabaseDown', 'DiskNearlyFull', 'EventsDead', 'EventsHeld', 'FreshnessTooOld',
  'LogAltered', 'LogDiffersFromStream', 'LogRetentionNear', 'LogWriterBehind', 'MemoryHigh', 'MigrationsPending', 'OutboxDeadRows', 'OutboxOld', 'PartitionWithoutOwner', 'PollingBudgetBurns', 'RestartLoop',
  'ServiceDown', 'ServiceNotReady',
] as const;

export type Runbook = (typeof RUNBOOKS)[number];
