import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { Client } from 'pg';

/** Every row of every table of every service as text, by `schema.table`; what is compressed is opened. */
export async function allTables(data: string, url: string): Promise<Record<string, string>> {
  const { postgres } = JSON.parse(readFileSync(join(data, 'credentials.json'), 'utf8')) as { postgres: Record<string, string> };
  const connection = new URL(url);
  connection.username = 'granary_admin';
  connection.password = postgres['granary_admin'] ?? '';
  const client = new Client({ connectionString: connection.href });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ schema: string; name: string }>(`select table_schema as schema, table_name as name from information_schema.tables where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`);
    const found: Record<string, string> = {};
    for (const { schema, name } of tables) {
      const { rows } = await client.query<Record<string, unknown>>(`select * from "${schema}"."${name}"`);
      found[`${schema}.${name}`] = rows.map((row) => Object.values(row).map((value) => (Buffer.isBuffer(value) ? opened(value) : JSON.stringify(value))).join(' ')).join('\n');
    }
    return found;
  } finally {
    await client.end();
  }
}

const ZSTD = 0xfd2fb528;
const opened = (value: Buffer): string => (value.length > 4 && value.readUInt32LE(0) === ZSTD ? zstdDecompressSync(value) : value).toString('latin1');
