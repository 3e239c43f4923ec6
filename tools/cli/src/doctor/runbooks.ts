/** The runbooks that `doctor` points to; each has the name of the alert that leads to it, too. */
export const RUNBOOKS = [
  'BackupNotVerified', 'BrokerDown', 'CertificateNearEnd', 'CheckpointMissing', 'ConsumerLagging', 'DatabaseDown', 'DiskNearlyFull', 'EventsDead', 'EventsHeld', 'FreshnessTooOld',
  'LogAltered', 'LogDiffersFromStream', 'LogRetentionNear', 'LogWriterBehind', 'MemoryHigh', 'OutboxDeadRows', 'OutboxOld', 'PartitionWithoutOwner', 'PollingBudgetBurns', 'RestartLoop',
  'ServiceDown', 'ServiceNotReady',
] as const;

export type Runbook = (typeof RUNBOOKS)[number];
