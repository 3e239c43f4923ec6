import { escapeIdentifier } from 'pg';
import type { Client } from 'pg';

/** The message ids that wait in a schema's outbox for the stream, and since when; null when none does. */
export async function waitingAnnouncements(client: Client, schema: string): Promise<{ since: Date; ids: Set<string> } | null> {
  const { rows } = await client.query<{ message_id: string; created_at: Date }>(`select message_id, created_at from ${escapeIdentifier(schema)}.outbox where dead_at is null order by created_at`);
  return rows[0] === undefined ? null : { since: rows[0].created_at, ids: new Set(rows.map((row) => row.message_id)) };
}

export async function forgetAnnouncements(client: Client, schema: string, ids: ReadonlySet<string>): Promise<void> {
  await client.query(`delete from ${escapeIdentifier(schema)}.outbox where dead_at is null and message_id = any($1::text[])`, [[...ids]]);
}
