import type { EventEmitter } from 'node:events';
import type { Logger } from '@granary/observability';
import type { Client } from 'pg';
import type { DataSource } from 'typeorm';

/** What the stores of this package share. */
export interface DatabaseCore {
  readonly dataSource: DataSource;
  readonly schema: string;
  readonly source: string;
  readonly log: Logger;
  readonly commits: EventEmitter;
  readonly now: () => Date;
  dedicated(purpose: string): Promise<Client>;
}
