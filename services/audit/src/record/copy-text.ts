import type { LogRow } from './row';

/** Columns of `event_log` in the order in which rows are written. */
export const LOG_COLUMNS = ['epoch', 'sequence', 'stored_at', 'time', 'tenant', 'type', 'key', 'event_id', 'source', 'correlation_id', 'causation_id', 'body'] as const;

/** Rows in PostgreSQL's text format for COPY, one line a row. */
export function copyText(epoch: number, rows: readonly LogRow[]): string {
  let text = '';
  for (const row of rows) {
    text += `${epoch}\t${row.sequence}\t${row.storedAt}\t${field(row.time)}\t${field(row.tenant)}\t${field(row.type)}\t${field(row.key)}\t${field(row.eventId)}`;
    text += `\t${field(row.source)}\t${field(row.correlationId)}\t${field(row.causationId)}\t${field(row.body)}\n`;
  }
  return text;
}

const SPECIAL = /[\\\t\n\r]/;
const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function field(value: string | null): string {
  if (value === null) return '\\N';
  return SPECIAL.test(value) ? value.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character) : value;
}
