import type { Migration } from '@granary/persistence';
import { EventLog1760000000001 } from './event-log.migration';

/** The schema's history, oldest first. */
export const migrations: Migration[] = [EventLog1760000000001];
