import { createHash } from 'node:crypto';
import type { Readable, Writable } from 'node:stream';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { escapeIdentifier } from 'pg';
import type { Client } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { SequenceRecord } from '../manifest';
import { withClient } from './connect.store';
import type { Table } from './shape.store';

/** Rows as PostgreSQL copies them in its binary form. */
export interface Copied {
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

const fullName = (schema: string, name: string) => `${escapeIdentifier(schema)}.${escapeIdentifier(name)}`;
const target = ({ schema, table, columns }: Table) => `${fullName(schema, table)} (${columns.join(', ')})`;

/** Whether a table has any rows. */
export async function hasRows(client: Client, { schema, table }: Table): Promise<boolean> {
  const { rows } = await client.query(`select 1 from ${fullName(schema, table)} limit 1`);
  return rows.length > 0;
}

/** Copies the rows of a table, in the order in which they lie, through `into`. */
export async function copyOut(client: Client, table: Table, ...into: Writable[]): Promise<Copied> {
  const rows = client.query(copyTo(`copy ${target(table)} to stdout (format binary)`, { highWaterMark: 256 * 1_024 }));
  const measure = measuring();
  await pipeline([rows, measure.through, ...into]);
  return { rows: rows.rowCount ?? 0, ...measure.result() };
}

/** Copies rows into a table; answers what came. */
export async function copyIn(client: Client, table: Table, ...from: [Readable, ...Transform[]]): Promise<Copied> {
  const rows = client.query(copyFrom(`copy ${target(table)} from stdin (format binary)`));
  const measure = measuring();
  await pipeline([...from, measure.through, rows]);
  return { rows: rows.rowCount ?? 0, ...measure.result() };
}

/** Swallows the bytes, for who only wants their digest. */
export async function digestOf(client: Client, table: Table): Promise<Copied> {
  // A scan that begins in the middle, beside another one, would give the rows in another order.
  await client.query('set synchronize_seqscans = off');
  return copyOut(client, table, drain());
}

export async function sequenceRecords(client: Client, sequences: readonly { schema: string; sequence: string }[]): Promise<{ schema: string; record: SequenceRecord }[]> {
  const records: { schema: string; record: SequenceRecord }[] = [];
  for (const { schema, sequence } of sequences) {
    const { rows } = await client.query<{ value: string; called: boolean }>(`select last_value::text as value, is_called as called from ${fullName(schema, sequence)}`);
    records.push({ schema, record: { sequence, value: rows[0]?.value ?? '1', called: rows[0]?.called ?? false } });
  }
  return records;
}

export async function setSequence(client: Client, schema: string, { sequence, value, called }: SequenceRecord): Promise<void> {
  await client.query('select setval($1::regclass, $2, $3)', [fullName(schema, sequence), value, called]);
}

/** Tells PostgreSQL how its tables look like, so that the first queries are planned well. */
export async function analyze(url: string): Promise<void> {
  await withClient(url, (client) => client.query('analyze'));
}

/** The names of the migrations that a schema has seen, in their order. */
export async function migrationsOf(client: Client, schema: string): Promise<string[]> {
  const { rows: found } = await client.query(`select 1 from pg_tables where schemaname = $1 and tablename = 'migrations'`, [schema]);
  if (found.length === 0) return [];
  const { rows } = await client.query<{ name: string }>(`select name from ${fullName(schema, 'migrations')} order by id`);
  return rows.map(({ name }) => name);
}

function measuring(): { through: Transform; result(): { bytes: number; sha256: string } } {
  const hash = createHash('sha256');
  let bytes = 0;
  const through = new Transform({
    highWaterMark: 256 * 1_024,
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length;
      hash.update(chunk);
      done(null, chunk);
    },
  });
  return { through, result: () => ({ bytes, sha256: hash.digest('hex') }) };
}

function drain(): Transform {
  const sink = new Transform({ transform: (_chunk, _encoding, done) => done() });
  return sink.resume();
}
