import { Fault } from '@granary/faults';
import type { AiRecord } from '@granary/contracts';
import type { Position } from '../record/position';
import type { Query } from '../search/search';

/** What to look for; every field given has to match. */
export interface RecordFilter {
  readonly kind?: AiRecord['kind'];
  readonly provider?: string;
  readonly model?: string;
  readonly risk?: string;
  readonly outcome?: string;
  readonly invocation?: string;
  readonly unpriced?: boolean;
  /** Any of these repositories; null: also what is about none. */
  readonly among: readonly string[] | null;
  readonly since?: Date;
  readonly until?: Date;
}

export interface RecordPage {
  readonly limit: number;
  /** Behind this record, which is not included. */
  readonly after: { readonly storedAt: Date; readonly position: Position } | null;
}

/** The query of one page, newest first, with one row more than the page has. */
export function recordQuery(tenant: string, filter: RecordFilter, { limit, after }: RecordPage): Query {
  const values: unknown[] = [];
  const value = (given: unknown) => `$${values.push(given)}`;
  const conditions = [
    `tenant = ${value(tenant)}`,
    ...equal(filter, value),
    ...(filter.unpriced === true ? ['unpriced is not null'] : []),
    ...(filter.among === null ? [] : [`repository_id = any(${value(filter.among)})`]),
    ...(filter.since === undefined ? [] : [`stored_at >= ${value(filter.since)}`]),
    ...(filter.until === undefined ? [] : [`stored_at < ${value(filter.until)}`]),
    ...(after === null ? [] : [`(stored_at, epoch, sequence) < (${value(after.storedAt)}, ${value(after.position.epoch)}::integer, ${value(after.position.sequence)}::bigint)`]),
  ];
  return { text: `select * from ai_record where ${conditions.join(' and ')} order by stored_at desc, epoch desc, sequence desc limit ${value(limit + 1)}`, values };
}

const COLUMNS = { kind: 'kind', provider: 'provider', model: 'model', risk: 'risk', outcome: 'outcome', invocation: 'invocation_id' } as const;

function equal(filter: RecordFilter, value: (given: unknown) => string): string[] {
  return (Object.keys(COLUMNS) as (keyof typeof COLUMNS)[]).flatMap((field) => (filter[field] === undefined ? [] : [`${COLUMNS[field]} = ${value(filter[field])}`]));
}

/** The key of a page's last record, for its cursor. */
export const recordKey = ({ storedAt, position }: Pick<AiRecord, 'storedAt' | 'position'>): string => `${storedAt} ${position.epoch} ${position.sequence}`;

/** The form of such keys. */
export const RECORD_KEY = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z \d{1,10} \d{1,16}$/;

/** Reads what `recordKey` wrote. */
export function readRecordKey(key: string | null): RecordPage['after'] {
  if (key === null) return null;
  const [storedAt = '', epoch = '', sequence = ''] = key.split(' ');
  const read = { storedAt: new Date(storedAt), position: { epoch: Number(epoch), sequence: Number(sequence) } };
  if (Number.isNaN(read.storedAt.getTime()) || read.position.epoch > 2_147_483_647) throw Fault.permanent('bad-cursor', "this is not a cursor of this list: pass 'next' of the answer before, or leave it out to begin anew");
  return read;
}
