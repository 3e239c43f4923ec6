import { accessDocuments } from '@granary/contracts';
import type { AccessDocument, CacheOutcome, CacheTarget, EventType } from '@granary/contracts';
import { Fault } from '@granary/faults';
import type { AskConsumers, AskReplays, HandledEvents, Lookups, Shelf } from './cache';
import { consumersOfType, readersOf } from './consumer-readers';
import type { TellingService } from './consumer-readers';
import { cursorOf, readPage } from './page';
import { serve } from './rpc';
import type { RpcHandler } from './rpc';
import type { RpcClient } from './rpc.client';

/** Services that keep caches. */
export type CacheOwner = 'harvester' | 'normalizer';

const MOST_ENTRIES = 500;

/** The RPCs by which the cache janitor learns what a service keeps, and proposes what may go. The service decides. */
export function cacheRpcs(service: CacheOwner, shelves: readonly Shelf[], lookups: Lookups): RpcHandler[] {
  return [
    serve(`${service}.cache.list`, ({ kind, cursor, limit = MOST_ENTRIES }) => listPage(kind === undefined ? shelves : shelves.filter((shelf) => shelf.kind === kind), { limit, ...(cursor === undefined ? {} : { cursor }) })),
    serve(`${service}.cache.evict`, async ({ entries }) => ({ outcomes: await byShelf(shelves, entries, (shelf, targets) => shelf.evict(targets)) })),
    serve(`${service}.cache.compress`, async ({ entries }) => ({ outcomes: await byShelf(shelves, entries, packEach) })),
    serve(`${service}.cache.lookups`, async ({ days }) => ({ lookups: await lookups.read(days) })),
  ];
}

const PLACE = /^(\w+) (.*)$/su;

/** One page, of one shelf; the next one begins when its end is reached. */
async function listPage(shelves: readonly Shelf[], page: { limit: number; cursor?: string }) {
  const { limit, after } = readPage(page, PLACE);
  const [, kind, place = ''] = PLACE.exec(after ?? '') ?? [];
  const at = kind === undefined ? 0 : shelves.findIndex((shelf) => shelf.kind === kind);
  const shelf = shelves[at];
  if (shelf === undefined) return { entries: [], next: null };
  const listed = await shelf.list(place === '' ? null : place, limit);
  const next = listed.after === null ? shelves[at + 1] : shelf;
  return { entries: listed.entries, next: next === undefined ? null : cursorOf(`${next.kind} ${listed.after ?? ''}`) };
}

async function byShelf(shelves: readonly Shelf[], targets: readonly CacheTarget[], act: (shelf: Shelf, targets: readonly CacheTarget[]) => Promise<CacheOutcome[]>): Promise<CacheOutcome[]> {
  const outcomes = new Map<string, CacheOutcome>();
  for (const shelf of shelves) {
    const own = targets.filter(({ kind }) => kind === shelf.kind);
    if (own.length > 0) for (const outcome of await act(shelf, own)) outcomes.set(nameOf(outcome), outcome);
  }
  return targets.map((target) => outcomes.get(nameOf(target)) ?? outcomeOf(target, 'gone', { why: 'nothing of this kind is kept here' }));
}

async function packEach(shelf: Shelf, targets: readonly CacheTarget[]): Promise<CacheOutcome[]> {
  const outcomes: CacheOutcome[] = [];
  for (const target of targets) outcomes.push(shelf.pack === undefined ? outcomeOf(target, 'kept', { why: 'what is of this kind cannot be packed more tightly' }) : await shelf.pack(target));
  return outcomes;
}

const nameOf = ({ tenant, kind, id }: Pick<CacheTarget, 'tenant' | 'kind' | 'id'>): string => `${tenant} ${kind} ${id}`;

/** What became of an entry; nothing is free when nothing is said. */
export function outcomeOf({ tenant, kind, id }: CacheTarget, state: CacheOutcome['state'], { bytes = 0, why = null }: { bytes?: number; why?: string | null } = {}): CacheOutcome {
  return { tenant, kind, id, state, bytes, why };
}

// What one question may name.
const AT_ONCE = 1_000;

/**
 * Asks every service that consumes events of these types which of them it still has to handle. Faults: those of the calls;
 * without an answer nobody knows, so nothing may be deleted.
 * @param source of the events
 */
export function askConsumers(rpc: RpcClient, source: string, types: readonly EventType[]): AskConsumers {
  const readers = new Map(types.map((type) => [type, readersOf(type, accessDocuments)]));
  return async (events) => {
    const waiting = new Map<string, string>();
    for (const reader of new Set<TellingService>([...readers.values()].flat())) {
      const read = events.filter(({ type }) => readers.get(type)?.includes(reader));
      for (let start = 0; start < read.length; start += AT_ONCE) {
        const { unhandled } = await rpc.call(`${reader}.consumer.unhandled`, { source, events: read.slice(start, start + AT_ONCE).map(({ type, tenant, id }) => ({ type, tenant, id })) });
        for (const id of unhandled) waiting.set(id, reader);
      }
    }
    return waiting;
  };
}

/** Asks which of these events replays still have to bring. Faults: those of the calls; without an answer nothing may be deleted. */
export function askReplays(rpc: RpcClient): AskReplays {
  return async (events) => {
    const awaited = new Map<string, string>();
    for (let start = 0; start < events.length; start += AT_ONCE) {
      const answer = await rpc.call('audit.replay.awaited', { events: events.slice(start, start + AT_ONCE).map(({ tenant, id }) => ({ tenant, id })) });
      for (const { id, consumer } of answer.awaited) awaited.set(id, consumer);
    }
    return awaited;
  };
}

/** The RPC by which owners of artifacts learn whether a service still has to read what an event names. */
export function unhandledRpcs(service: TellingService, access: AccessDocument, handled: HandledEvents): RpcHandler[] {
  return [
    serve(`${service}.consumer.unhandled`, async ({ source, events }) => {
      const awaited = events.flatMap(({ type, tenant, id }) => consumersOfType(access, type as EventType).map((consumer) => ({ consumer, tenant, id })));
      if (awaited.length < events.length) throw Fault.permanent('not-consumed', `${service} was asked about an event of a type that it does not consume; its access document and that of whoever asks are of different versions`);
      return { unhandled: await handled.unhandled(source, awaited) };
    }),
  ];
}
