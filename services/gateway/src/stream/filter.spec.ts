import { shows, type StreamFilter } from './filter';

const entry = { tenant: 'acme', type: 'harvest.completed.v1', key: 'repository-1', correlationId: 'c-1' };
const all: StreamFilter = { tenant: 'acme', repositories: 'all' };

it.each<[string, Partial<StreamFilter>, boolean]>([
  ['nothing but the tenant', {}, true],
  ['another tenant', { tenant: 'umbra' }, false],
  ['one of the types', { types: new Set(['graph.normalized.v1', 'harvest.completed.v1']) }, true],
  ['other types', { types: new Set(['harvest.completed.v2']) }, false],
  ['the key', { key: 'repository-1' }, true],
  ['another key', { key: 'repository' }, false],
  ['the correlation id', { correlationId: 'c-1' }, true],
  ['another correlation id', { correlationId: 'c' }, false],
  ['everything at once', { types: new Set(['harvest.completed.v1']), key: 'repository-1', correlationId: 'c-1', repositories: new Set(['repository-1']) }, true],
  ['somebody who may see the repository', { repositories: new Set(['repository-1']) }, true],
  ['somebody who may see others', { repositories: new Set(['repository-2']) }, false],
  ['somebody who may see others, and asks for this one', { key: 'repository-1', repositories: new Set(['repository-2']) }, false],
  ['somebody who may see none', { repositories: new Set() }, false],
])('%s', (_, conditions, shown) => {
  expect(shows({ ...all, ...conditions }, entry)).toBe(shown);
});

it('shows a message that is no event to whoever sees everything, and not by a correlation id', () => {
  const malformed = { tenant: 'acme', type: '_malformed', key: 'ev.1.acme.a.b.v1', correlationId: null };
  expect([shows(all, malformed), shows({ ...all, correlationId: 'null' }, malformed), shows({ ...all, repositories: new Set(['repository-1']) }, malformed)]).toEqual([true, false, false]);
});
