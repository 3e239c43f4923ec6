import type { EventEmitter } from 'node:events';
import type { Logger } from '@granary/observability';
import type { Client, ClientConfig } from 'pg';
import type { DataSource } from 'typeorm';
import type { ConnectionLimits } from './connection-limits';

/** What the stores of this package share. */
export interface DatabaseCore {
  readonly dataSource: DataSource;
  readonly schema: string;
  readonly source: string;
  readonly log: Logger;
  readonly commits: EventEmitter;
  readonly now: () => Date;
  /** A name for a statement that is worth preparing. */
  readonly statementName: (text: string) => string | undefined;
  /** It sees the rows of no tenant. */
  dedicated(purpose: string, settings?: ClientConfig): Promise<Client>;
  /** It sees the rows of every tenant. */
  dedicatedAcross(purpose: string, settings?: ClientConfig): Promise<Client>;
  /** For connections that must not wait for ever. */
  readonly limits: ConnectionLimits;
}
