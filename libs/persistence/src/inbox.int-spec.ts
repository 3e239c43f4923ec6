import { setTimeout as delay } from 'node:timers/promises';
import { createLogger } from '@granary/observability';
import { createEnvelope } from '@granary/messaging';
import type { DeliveryKey, HoldRequest, Lease } from '@granary/messaging';
import { freshDatabase, waitFor } from '@granary/testing';
import type { FreshDatabase } from '@granary/testing';
import { openDatabase } from './database.client';
import type { Database } from './database.client';
import { fence } from './fence.store';

const log = createLogger({ service: 'test', level: 'silent' });
const CAUSE = { tenant: 'default', correlationId: '01936c5e-7a10-7000-8000-0000000000c0' };
const removed = { type: 'repository.removed.v1', key: 'k', data: { repositoryId: '01936c5e-7a10-7000-8000-00000000000a', name: 'x' } } as const;
const never = new AbortController().signal;

describe('an inbox', () => {
  let fresh: FreshDatabase;
  let database: Database;
  let lease: Lease;
  beforeAll(async () => {
    fresh = await freshDatabase('normalizer');
    database = await openDatabase({ url: fresh.url, schema: 'normalizer', applicationName: 'normalizer', log });
    await database.dataSource.query('create table effects (name text not null)');
  });
  afterAll(async () => {
    await database.close();
    await fresh.drop();
  });
  beforeEach(async () => {
    await database.dataSource.query('truncate effects, inbox, outbox, partition_leases, held_events');
    const taken = await database.leases.acquire({ consumer: 'c', group: 0 }, 'me', 60_000);
    if (!taken) throw new Error('no lease');
    lease = taken;
  });

  const delivery = (eventId: string, changes: Partial<DeliveryKey> = {}): DeliveryKey => ({ lease, run: 'live', tenant: 'default', source: 's', eventId, heldId: null, ...changes });
  const effect = (name: string, changes: Partial<DeliveryKey> = {}) => database.inbox.once(delivery(name, changes), CAUSE, never, ({ manager }) => manager.query('insert into effects values ($1)', [name]));
  const holdRequest = { get lease() { return lease; }, run: 'live', tenant: 'default', key: 'k', position: 1, event: null, body: '{}', state: 'held', attempts: 1, nextAt: new Date(), code: 'x', message: 'y' } as const;
  const effects = async () => (await database.dataSource.query<{ name: string }[]>('select name from effects order by name')).map(({ name }) => name);

  it('applies each event once, also when many share a transaction', async () => {
    await Promise.all(['a', 'b', 'c'].map((name) => effect(name)));
    expect(await Promise.all(['a', 'b', 'd'].map((name) => effect(name).then((result) => result === 'already-handled')))).toEqual([true, true, false]);
    expect(await effects()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('applies an event once more in another run', async () => {
    await effect('a');
    await effect('a', { run: 'replay-1' });
    expect(await effects()).toEqual(['a', 'a']);
  });

  it('gives a failure to the event that failed, and lets those that shared its transaction through', async () => {
    const settled = await Promise.allSettled([effect('a'), database.inbox.once(delivery('bad'), CAUSE, never, ({ manager }) => manager.query('insert into effects values (null)')), effect('b')]);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await effects()).toEqual(['a', 'b']);
    await effect('bad');
    expect(await effects()).toEqual(['a', 'b', 'bad']);
  });

  it('refuses to take a transaction for committed in which a statement failed unnoticed', async () => {
    const careless = database.inbox.once(delivery('careless'), CAUSE, never, async ({ manager }) => {
      await manager.query(`insert into effects values ('careless')`);
      await manager.query('insert into effects values (null)').catch(() => undefined);
    });
    const settled = await Promise.allSettled([effect('a'), careless, effect('b')]);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await effects()).toEqual(['a', 'b']);
  });

  it('refuses a transaction inside a shared one, and takes nothing back from those who share it', async () => {
    const nested = database.inbox.once(delivery('nested'), CAUSE, never, ({ manager }) => manager.transaction((inner) => inner.query(`insert into effects values ('nested')`)));
    const settled = await Promise.allSettled([effect('a'), nested, effect('b')]);
    expect(settled).toMatchObject([{ status: 'fulfilled' }, { reason: { kind: 'permanent', code: 'nested-transaction' } }, { status: 'fulfilled' }]);
    expect(await effects()).toEqual(['a', 'b']);
  });

  it('ends the transaction of a discard before the effects of the same event begin, or the other way round, without a deadlock', async () => {
    await database.held.hold({ ...holdRequest, event: createEnvelope(removed, CAUSE, { source: 's', id: 'e', time: new Date() }) });
    const [row] = await database.across.rows.query<{ held_id: string; position: string }[]>('select held_id, position from held_events');
    const blocker = await database.across.dedicated('test');
    await blocker.query('begin');
    await blocker.query('select 1 from held_events for update');
    const waiting = (count: number) => waitFor(async () => (await blocker.query('select 1 from pg_locks where not granted')).rowCount === count, { what: `${count} to wait` });

    const discarded = database.heldDesk.discard('c', Number(row?.position), 'why', CAUSE);
    await waiting(1);
    const applied = effect('e', { heldId: row?.held_id ?? '' });
    await waiting(2);
    await blocker.query('rollback');
    await blocker.end();
    expect(await discarded).toMatchObject({ eventId: 'e' });
    expect(await applied).toBe('already-handled');
    expect(await effects()).toEqual([]);
  });

  describe('holds many events of a key at once', () => {
    const rows = () => database.across.rows.query<{ name: string; state: string; at: Date | null }[]>(`select event_id as name, state, next_at as at from held_events where key = 'k' order by held_id`);
    const request = (id: string, changes: Partial<HoldRequest> = {}): HoldRequest => ({
      ...holdRequest,
      event: createEnvelope(removed, CAUSE, { source: 's', id, time: new Date() }),
      state: 'waiting',
      nextAt: null,
      ...changes,
    });
    const requests = (...ids: string[]) => ids.map((id) => request(id));
    const states = async () => (await rows()).map(({ name, state }) => `${name} ${state}`);
    const hold = (all: readonly HoldRequest[]) => database.held.holdAll?.(all);

    it('in their order, behind the one at work', async () => {
      const names = Array.from({ length: 600 }, (_, i) => `e${600 - i}`);
      await hold([request('at-work', { state: 'held', nextAt: new Date(7) }), ...requests(...names)]);
      expect(await states()).toEqual(['at-work held', ...names.map((name) => `${name} waiting`)]);
      expect((await rows()).slice(0, 2).map(({ at }) => at)).toEqual([new Date(7), null]);
    });

    it('behind what is held already, each once', async () => {
      await hold(requests('a', 'b'));
      await hold(requests('b', 'c', 'c', 'a', 'd'));
      await hold([]);
      expect(await states()).toEqual(['a held', 'b waiting', 'c waiting', 'd waiting']);
    });

    it('the first of them due, when nothing is ahead and what was before it has been handled', async () => {
      await effect('a');
      await hold([request('a', { state: 'held', nextAt: new Date(7) }), ...requests('b', 'c')]);
      expect((await rows()).map(({ name, state, at }) => [name, state, at])).toEqual([
        ['b', 'held', new Date(0)],
        ['c', 'waiting', null],
      ]);
    });

    it('and announces those that are dead', async () => {
      await hold([request('a', { state: 'dead' }), request('b'), request('x', { event: null, position: 9, state: 'dead', body: 'a\u0000b' })]);
      expect(await states()).toEqual(['a dead', 'b waiting', 'unreadable-9 dead']);
      const announced = await database.across.rows.query<{ body: string }[]>('select body from outbox order by id');
      expect(announced.map(({ body }) => JSON.parse(body) as object)).toMatchObject(['a', 'unreadable-9'].map((eventId) => ({ type: 'consumer.held.v1', data: { eventId } })));
    });

    it('all or none, and only while the lease is ours', async () => {
      await expect(hold([request('a'), request('b', { state: 'lost' as never })])).rejects.toMatchObject({ code: '23514' });
      await database.leases.release(lease);
      await expect(hold(requests('a', 'b'))).rejects.toMatchObject({ code: 'lease-lost' });
      expect(await rows()).toEqual([]);
    });
  });

  it('fences a transaction on a connection of its own: refuses it once the lease is lost, and keeps the lease until its end', async () => {
    const client = await database.across.dedicated('test');
    const query = async (sql: string, values: unknown[]) => (await client.query(sql, values)).rows;
    await client.query('begin');
    await fence(query, lease);
    expect(await database.leases.renew(lease, 1)).toBe(true);
    await database.dataSource.query('select pg_sleep(0.01)');
    expect(await database.leases.acquire({ consumer: 'c', group: 0 }, 'you', 60_000)).toBeNull();
    await client.query('commit');
    expect(await database.leases.acquire({ consumer: 'c', group: 0 }, 'you', 60_000)).toMatchObject({ owner: 'you' });
    await expect(fence(query, lease)).rejects.toMatchObject({ kind: 'transient', code: 'lease-lost' });
    await client.end();
  });

  it('begins no attempt at a held event that was discarded', async () => {
    await database.held.hold(holdRequest);
    const head = await database.held.head(lease, 'default', 'k');
    await database.heldDesk.discard('c', 1, 'why', CAUSE);
    await expect(database.held.beginAttempt(lease, head?.heldId ?? '', new Date())).rejects.toMatchObject({ kind: 'transient', code: 'held-event-gone' });
  });

  it('waits for the others of a transaction when one throws before it begins', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    const slow = database.inbox.once(delivery('slow'), CAUSE, never, async ({ manager }) => {
      await delay(30);
      await manager.query(`insert into effects values ('slow')`);
    });
    const broken = database.inbox.once(delivery('broken'), CAUSE, never, () => {
      throw new Error('at once');
    });
    expect((await Promise.allSettled([slow, broken])).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    await delay(100);
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
    expect(await effects()).toEqual(['slow']);
  });

  it('gives a lease at once to the owner who has it, and does not take that for a crash', async () => {
    const id = { consumer: 'c', group: 3 };
    await database.leases.acquire(id, 'me', 60_000);
    expect(await database.leases.acquire(id, 'me', 60_000)).toMatchObject({ epoch: 2, unclean: false });
  });

  it('commits announcements with the effects', async () => {
    await database.inbox.once(delivery('a'), CAUSE, never, async ({ announce }) => announce(removed));
    expect(await database.across.rows.query('select lane_key from outbox')).toEqual([{ lane_key: 'default.k' }]);
  });

  it('applies nothing for an owner whose partition group was taken over', async () => {
    await database.leases.release(lease);
    const next = await database.leases.acquire({ consumer: 'c', group: 0 }, 'you', 60_000);
    expect(next).toMatchObject({ owner: 'you', epoch: lease.epoch + 1, unclean: false });
    await expect(effect('a')).rejects.toMatchObject({ code: 'lease-lost' });
    await expect(database.held.finish(lease, '1')).rejects.toMatchObject({ code: 'lease-lost' });
    expect(await effects()).toEqual([]);
  });

  it('applies nothing for a delivery whose time is over', async () => {
    const late = AbortSignal.abort(new Error('too late'));
    await expect(database.inbox.once(delivery('a'), CAUSE, late, async () => 'done')).rejects.toThrow('too late');
  });

  it('leases to one owner at a time, and tells a successor whether the one before gave back', async () => {
    const id = { consumer: 'c', group: 1 };
    const first = await database.leases.acquire(id, 'me', 60_000);
    expect(await database.leases.acquire(id, 'you', 60_000)).toBeNull();
    expect(first && (await database.leases.renew(first, 1))).toBe(true);
    await database.dataSource.query('select pg_sleep(0.01)');
    expect(first && (await database.leases.renew(first, 1))).toBe(false);
    expect(await database.leases.acquire(id, 'you', 60_000)).toMatchObject({ epoch: 2, unclean: true });
  });

  it('lets a takeover wait for effects under way, and a renewal not', async () => {
    const id = { consumer: 'c', group: 2 };
    const owned = await database.leases.acquire(id, 'me', 1);
    if (!owned) throw new Error('no lease');
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    let inside: () => void = () => undefined;
    const entered = new Promise<void>((resolve) => (inside = resolve));
    const running = database.inbox.once(delivery('x', { lease: owned }), CAUSE, never, async ({ manager }) => {
      inside();
      await gate;
      await manager.query(`insert into effects values ('x')`);
    });
    await entered;
    await database.leases.renew(owned, 1);
    expect(await database.leases.acquire(id, 'you', 60_000)).toBeNull();
    release();
    await running;
    expect(await database.leases.acquire(id, 'you', 60_000)).toMatchObject({ owner: 'you' });
  });

  it('counts the replicas that are alive', async () => {
    expect(await database.leases.attend('c', 'me', 60_000)).toBe(1);
    expect(await database.leases.attend('c', 'you', 1)).toBe(2);
    await database.dataSource.query('select pg_sleep(0.01)');
    expect(await database.leases.attend('c', 'me', 60_000)).toBe(1);
    await database.leases.leave('c', 'me');
    expect(await database.leases.attend('c', 'him', 60_000)).toBe(1);
  });

  it('lists held events in pages and refuses a foreign cursor', async () => {
    for (const position of [1, 2, 3]) await database.held.hold({ ...holdRequest, key: `k${position}`, position });
    const first = await database.heldDesk.list('default', { limit: 2 });
    expect(first.held.map(({ position }) => position)).toEqual([1, 2]);
    const second = await database.heldDesk.list('default', { limit: 2, ...(first.next === null ? {} : { cursor: first.next }) });
    expect(second).toMatchObject({ held: [{ position: 3 }], next: null });
    await expect(database.heldDesk.list('default', { cursor: 'nonsense' })).rejects.toMatchObject({ code: 'invalid-cursor' });
    expect(await database.heldDesk.redrive({ consumer: 'c', all: true }, CAUSE)).toBe(3);
  });
});
