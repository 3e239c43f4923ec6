import { accessDocuments, type CacheEntry, type CacheTarget } from '@granary/contracts';
import type { Shelf } from './cache';
import { askConsumers, askReplays, cacheRpcs, outcomeOf, unhandledRpcs } from './cache.handler';
import { consumersOfType, readersOf } from './consumer-readers';
import type { RpcContext } from './rpc';
import type { RpcClient } from './rpc.client';

const entry = (kind: CacheEntry['kind'], id: string): CacheEntry => ({ tenant: 'default', kind, id, what: '', bytes: 1, contentBytes: 1, createdAt: '', lastUsedAt: '', compression: 'none', lasting: false, inUse: null });
const target = (kind: CacheEntry['kind'], id: string): CacheTarget => ({ tenant: 'default', kind, id, lastUsedAt: '2026-03-02T09:14:02.117Z' });
const shelf = (kind: CacheEntry['kind'], ids: readonly string[]): Shelf => ({
  kind,
  async list(after, limit) {
    const left = ids.filter((id) => after === null || id > after);
    return { entries: left.slice(0, limit).map((id) => entry(kind, id)), after: left.length > limit ? (left[limit - 1] ?? null) : null };
  },
  evict: async (targets) => targets.map((one) => outcomeOf(one, ids.includes(one.id) ? 'evicted' : 'gone', { bytes: 1 })),
  ...(kind === 'artifact' ? { pack: async (one: CacheTarget) => outcomeOf(one, 'packed', { bytes: 5 }) } : {}),
});
const lookups = { count: () => undefined, flush: async () => undefined, read: async (days: number) => [{ tenant: 'default', kind: 'facts' as const, hits: days, misses: 0 }] };
const table = cacheRpcs('harvester', [shelf('artifact', ['a 1', 'b', 'c']), shelf('facts', []), shelf('mirror', ['m'])], lookups);
const call = (operation: string, request: object): Promise<unknown> => {
  const handler = table.find((one) => one.operation === `harvester.cache.${operation}`);
  return handler?.handle(request as never, {} as RpcContext) ?? Promise.reject(new Error(operation));
};

it('lists one kind after the other, and each to its end', async () => {
  const pages: string[][] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = (await call('list', { limit: 2, ...(cursor === '' ? {} : { cursor }) })) as { entries: CacheEntry[]; next: string | null };
    pages.push(page.entries.map(({ id }) => id));
    cursor = page.next;
  }
  expect(pages).toEqual([['a 1', 'b'], ['c'], [], ['m']]);
  expect(await call('list', { kind: 'mirror' })).toMatchObject({ entries: [{ id: 'm' }], next: null });
  await expect(call('list', { cursor: 'bm9uc2Vuc2U' })).rejects.toMatchObject({ code: 'bad-cursor' });
  expect(await call('list', { kind: 'mirror', cursor: Buffer.from('facts x').toString('base64url') })).toEqual({ entries: [], next: null });
});

it('answers about each entry in the order asked for, whatever keeps it', async () => {
  expect(await call('evict', { entries: [target('mirror', 'm'), target('artifact', 'z'), target('artifact', 'b')] })).toMatchObject({ outcomes: [{ id: 'm', state: 'evicted' }, { id: 'z', state: 'gone' }, { id: 'b', state: 'evicted' }] });
  expect(await call('compress', { entries: [target('facts', 'f'), target('artifact', 'b')] })).toMatchObject({ outcomes: [{ state: 'kept' }, { state: 'packed', bytes: 5 }] });
  expect(await cacheRpcs('normalizer', [], lookups)[1]?.handle({ entries: [target('facts', 'f')] } as never, {} as RpcContext)).toMatchObject({ outcomes: [{ state: 'gone', why: 'nothing of this kind is kept here' }] });
  expect(await call('lookups', { days: 3 })).toEqual({ lookups: [{ tenant: 'default', kind: 'facts', hits: 3, misses: 0 }] });
});

describe('consumers of events that name artifacts', () => {
  const [harvest, summary] = [{ type: 'harvest.completed.v1', tenant: 'default', id: 'h' } as const, { type: 'finding.summarized.v1', tenant: 'default', id: 's' } as const];

  it('are asked, a thousand at once, and only about what they read', async () => {
    const asked: unknown[][] = [];
    const rpc = { call: async (operation: string, request: { events: { id: string }[] }) => {
      asked.push([operation, request.events.length]);
      return { unhandled: request.events.filter(({ id }) => id === 'h').map(({ id }) => id) };
    } } as unknown as RpcClient;
    const ask = askConsumers(rpc, 'granary/harvester', ['harvest.completed.v1', 'finding.summarized.v1']);
    expect(await ask([summary])).toEqual(new Map());
    expect(await ask([...Array.from({ length: 1_000 }, (_, n) => ({ ...harvest, id: `${n}` })), harvest, summary])).toEqual(new Map([['h', 'normalizer']]));
    expect(asked).toEqual([['normalizer.consumer.unhandled', 1_000], ['normalizer.consumer.unhandled', 1]]);
  });

  it('are not all: replays are asked, too, a thousand at once', async () => {
    const asked: unknown[] = [];
    const rpc = { call: async (operation: string, { events }: { events: { id: string }[] }) => {
      asked.push([operation, events.length, events.at(-1)]);
      return { awaited: events.filter(({ id }) => id === 's').map(({ id }) => ({ id, jobId: 'j', consumer: 'ledger' })) };
    } } as unknown as RpcClient;
    expect(await askReplays(rpc)([...Array.from({ length: 1_000 }, () => harvest), summary])).toEqual(new Map([['s', 'ledger']]));
    expect(asked).toEqual([['audit.replay.awaited', 1_000, { tenant: 'default', id: 'h' }], ['audit.replay.awaited', 1, { tenant: 'default', id: 's' }]]);
  });

  it('have to be able to tell; those of everything read nothing that events name', () => {
    expect(readersOf('harvest.completed.v1', accessDocuments)).toEqual(['normalizer']);
    const mute = { ...accessDocuments['normalizer'], serves: [] } as never;
    expect(() => readersOf('harvest.completed.v1', { normalizer: mute })).toThrow('let it serve normalizer.consumer.unhandled');
    expect(consumersOfType({ consumes: [] }, 'harvest.completed.v1')).toEqual([]);
  });

  it('answer for their own consumers alone', async () => {
    const handled = { unhandled: async (_source: string, events: readonly { consumer: string; id: string }[]) => events.map(({ consumer, id }) => `${consumer} ${id}`) };
    const [rpc] = unhandledRpcs('normalizer', accessDocuments['normalizer'] as never, handled);
    const ask = (events: readonly object[]) => rpc?.handle({ source: 'granary/harvester', events } as never, {} as RpcContext);
    expect(await ask([harvest])).toEqual({ unhandled: ['normalizer h'] });
    await expect(ask([harvest, summary])).rejects.toMatchObject({ code: 'not-consumed' });
  });
});
