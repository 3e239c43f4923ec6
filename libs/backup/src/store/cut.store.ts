import { setTimeout as delay } from 'node:timers/promises';
import { Fault } from '@granary/faults';
import { escapeIdentifier } from 'pg';
import type { Client } from 'pg';
import { withClient } from './connect.store';

export interface CutOptions {
  readonly url: string;
  readonly schemas: readonly string[];
  /** How long announcements may be kept waiting by one attempt. */
  readonly lockMs?: number;
  /** How long it is tried. */
  readonly patienceMs?: number;
}

const LOCK_TIMEOUT = '55P03';
const PAUSE_MS = 250;

/**
 * Holds all that is announced for a moment, opens a snapshot of the database, and takes what belongs beside it. Whatever was
 * announced before is in the snapshot or was already published; nothing that is published after it was announced before. So the
 * streams as `beside` finds them hold every event that the snapshot's rows know of, and none of a transaction that it lacks.
 * @param work with a connection that sees the snapshot as long as it runs; nobody is held any more then
 * @throws Fault transient `backup-not-quiet`
 */
export async function inOneCut<B, R>(options: CutOptions, beside: () => Promise<B>, work: (client: Client, beside: B) => Promise<R>): Promise<R> {
  return withClient(options.url, async (client) => {
    await client.query('set row_security = off');
    const taken = await withClient(options.url, (gate) => holding(gate, options, async () => {
      await client.query('begin isolation level repeatable read read only');
      // The first question opens the snapshot.
      await client.query('select 1');
      return beside();
    }));
    const result = await work(client, taken);
    await client.query('commit');
    return result;
  });
}

async function holding<B>(gate: Client, { schemas, lockMs = 500, patienceMs = 60_000 }: CutOptions, work: () => Promise<B>): Promise<B> {
  const outboxes = await outboxesOf(gate, schemas);
  const until = performance.now() + patienceMs;
  await gate.query(`set lock_timeout = ${lockMs}`);
  for (;;) {
    await gate.query('begin');
    try {
      if (outboxes.length > 0) await gate.query(`lock table ${outboxes.join(', ')} in share mode`);
      const result = await work();
      await gate.query('commit');
      return result;
    } catch (error) {
      await gate.query('rollback').catch(() => undefined);
      if ((error as { code?: unknown }).code !== LOCK_TIMEOUT) throw error;
      if (performance.now() >= until) throw Fault.transient('backup-not-quiet', `some transaction has held an outbox for ${patienceMs / 1_000} s, so that no moment was found for a backup; end it (pg_stat_activity shows it), and try again`, { cause: error });
      await delay(PAUSE_MS);
    }
  }
}

async function outboxesOf(client: Client, schemas: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ schema: string }>(`select schemaname as schema from pg_tables where tablename = 'outbox' and schemaname = any($1::text[]) order by 1`, [schemas]);
  return rows.map(({ schema }) => `${escapeIdentifier(schema)}.outbox`);
}
