import { createHash } from 'node:crypto';
import { aRow } from '../../test/row';
import { compare, isWrong, type Compared, type LoggedRow } from './compare';

const stream = [1, 2, 5].map((sequence) => aRow({ sequence, body: `{"number":${sequence}}` }));
const log: LoggedRow[] = stream.map(({ sequence, storedAt, tenant, type, key, eventId, body }) => ({ sequence, storedAt, tenant, type, key, eventId, bodyHash: createHash('sha256').update(body).digest('hex') }));
const SAME: Compared = { range: { first: 1, last: 5 }, stream, log, holes: [{ first: 3, last: 4 }], isLeaf: () => true };
const second = (changes: object) => log.map((row) => (row.sequence === 2 ? { ...row, ...changes } : row));

it('finds nothing where log and stream are the same', () => {
  expect(compare(SAME)).toEqual([]);
  expect(compare({ ...SAME, log: second({ storedAt: '2026-03-02T09:00:00.001Z' }) })).toEqual([]);
});

it.each([
  ['a row that the log does not have', { log: log.filter(({ sequence }) => sequence !== 2) }, [{ sequence: 2, kind: 'not-logged' }]],
  ['another body', { log: second({ bodyHash: '00' }) }, [{ sequence: 2, kind: 'differs' }]],
  ['another event', { log: second({ eventId: 'another' }) }, [{ sequence: 2, kind: 'differs' }]],
  ['another tenant', { log: second({ tenant: 'another' }) }, [{ sequence: 2, kind: 'differs' }]],
  ['another time', { log: second({ storedAt: '2026-03-02T09:00:01.000Z' }) }, [{ sequence: 2, kind: 'differs' }]],
  ['another leaf', { isLeaf: ({ sequence }: { sequence: number }) => sequence !== 5 }, [{ sequence: 5, kind: 'tree-differs' }]],
  ['a hole that is not known', { holes: [{ first: 3, last: 3 }] }, [{ sequence: 4, kind: 'unexplained' }]],
  ['a hole that is none', { stream: [...stream, aRow({ sequence: 3 })] }, [{ sequence: 3, kind: 'not-logged' }]],
  ['what the stream lost since', { stream: stream.slice(0, 2) }, [{ sequence: 5, kind: 'gone' }]],
  ['all of it, in order', { log: [] }, [1, 2, 5].map((sequence) => ({ sequence, kind: 'not-logged' }))],
])('finds %s', (_what, changes, found) => {
  expect(compare({ ...SAME, ...changes })).toEqual(found);
});

it('takes nothing for wrong that only the stream lost', () => {
  expect((['not-logged', 'differs', 'tree-differs', 'unexplained', 'gone'] as const).filter((kind) => isWrong({ sequence: 1, kind }))).toEqual(['not-logged', 'differs', 'tree-differs', 'unexplained']);
});
