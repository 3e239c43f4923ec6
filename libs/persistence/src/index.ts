export { openDatabase } from './database.client';
export type { Across, Database, DatabaseOptions, Migration } from './database.client';
export { lockNumber } from './advisory-lock';
export { fence } from './fence.store';
export { joinTenants, separateTenants } from './separate-tenants.store';
export { pruneInbox } from './prune.store';
export type { WaitingLimits } from './connection-limits';
export type { Decision, OutboxDesk } from './outbox-desk.store';
