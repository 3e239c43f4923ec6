import { setTimeout as delay } from 'node:timers/promises';
import { startTestPostgres, waitFor } from '@granary/testing';
import { rootOf } from '@granary/transparency';
import { jetstream } from '@nats-io/jetstream';
import { WRITER } from '../../test/log';
import { events, openPlatform, type Platform } from '../../test/platform';
import { startRestorableNats, type RestorableNats } from '../../test/restorable-nats';
import { aRow } from '../../test/row';
import type { LogReader, LogSource } from './log-source';
import { MALFORMED } from './row';

let nats: RestorableNats;
let platform: Platform;
beforeAll(async () => {
  nats = await startRestorableNats();
});
afterAll(() => nats.stop());
beforeEach(async () => {
  platform = await openPlatform(nats);
});
afterEach(() => platform.close());

const idsOf = (list: { id: string }[]) => list.map((event) => event.id);
const metric = async (name: string) => (await platform.metrics.getSingleMetric(name)?.get())?.values[0]?.value;

describe('what is written', () => {
  it('is every event in the order of the stream, without a hole', async () => {
    const published = events(6_000);
    await platform.publish(published);
    await platform.recorder().start();
    await platform.logged(6_000);

    expect(await platform.ids()).toEqual(idsOf(published));
    expect(await platform.rows('select min(sequence)::int as low, max(sequence)::int as high from event_log')).toEqual([{ low: 1, high: 6_000 }]);
    expect(await platform.rows('select * from log_hole')).toEqual([]);
    expect(await platform.store.countRows()).toBe(6_000);
    expect(await metric('granary_event_log_rows_total')).toBe(6_000);
  });

  it('is acknowledged once it is committed', async () => {
    await platform.publish(events(10));
    await platform.recorder().start();
    await platform.logged(10);

    await waitFor(async () => (await platform.manager.consumers.info('EVENTS', 'audit-log')).ack_floor.stream_seq === 10, { what: 'the acknowledgement' });
  });

  it('keeps the columns and the body of an event', async () => {
    const event = { ...events(1)[0]!, causationid: 'cause', subject: 'tab\tnew\nline \\ end' };
    await platform.publish([event]);
    await platform.recorder().start();
    await platform.logged(1);

    const [row] = await platform.rows('select *, sequence::int from event_log');
    const { tenantid: tenant, type, partitionkey: key, id: event_id, source, correlationid: correlation_id } = event;
    expect(row).toMatchObject({ epoch: 1, sequence: 1, tenant, type, key, event_id, source, correlation_id, causation_id: 'cause', time: new Date(event.time), body: JSON.stringify(event) });
    expect(Math.abs((row!['stored_at'] as Date).getTime() - Date.now())).toBeLessThan(10_000);
  });

  it('includes what cannot be read, raw, and what follows it', async () => {
    const [before, after] = [events(1), events(1)];
    await platform.publish(before);
    await platform.publishRaw('hello');
    await platform.publishRaw(Uint8Array.of(0x00, 0x01));
    await platform.publish(after);
    await platform.recorder().start();
    await platform.logged(4);

    const rows = await platform.rows('select type, body from event_log where type = $1 order by sequence', [MALFORMED]);
    expect(rows).toEqual([
      { type: MALFORMED, body: 'hello' },
      { type: MALFORMED, body: '{"base64":"AAE="}' },
    ]);
    expect(await metric('granary_event_log_malformed_total')).toBe(2);
  });

  it('includes what PostgreSQL would refuse, in a form that it takes', async () => {
    const [odd, after] = [events(1, { time: '0000-01-01T00:00:00Z' }), events(1)];
    await platform.publish(odd);
    await platform.publishRaw(Uint8Array.of(0x7b, 0xff, 0x7d));
    await platform.publishRaw(JSON.stringify({ ...odd[0], id: 'half a \ud800' }));
    await platform.publish(after);
    await platform.recorder().start();
    await platform.logged(4);

    const rows = await platform.rows('select type, time, body from event_log order by sequence');
    expect(rows).toMatchObject([{ type: odd[0]!.type, time: null, body: JSON.stringify(odd[0]) }, { type: MALFORMED, body: '{"base64":"e/99"}' }, { type: MALFORMED, time: null }, { type: after[0]!.type }]);
  });

  it('goes into partitions that are created ahead', async () => {
    await platform.publish(events(250));
    await platform.recorder({ partitionSize: 100 }).start();
    await platform.logged(250);

    expect(await platform.rows('select from_sequence::int as from, until_sequence::int as until from log_partition order by 1')).toEqual([0, 100, 200, 300].map((from) => ({ from, until: from + 100 })));
    expect(await platform.rows(`select count(*)::int as rows, min(sequence)::int as low from event_log_1_100`)).toEqual([{ rows: 100, low: 100 }]);
  });

  it('cannot be changed afterwards', async () => {
    await platform.publish(events(1));
    await platform.recorder().start();
    await platform.logged(1);

    await expect(platform.rows(`update event_log set body = '{}'`)).rejects.toThrow('the event log is append-only: update');
    await expect(platform.rows(`delete from event_log`)).rejects.toThrow('the event log is append-only: delete');
  });
});

describe('a crash', () => {
  /** A source whose reader dies instead of acknowledging. */
  const dyingBeforeAck = (source: LogSource): LogSource => ({
    ...source,
    reader(): LogReader {
      const reader = source.reader();
      return { ...reader, ackThrough: () => Promise.reject(new Error('died between commit and acknowledgement')) };
    },
  });

  it('between commit and acknowledgement leaves no event twice', async () => {
    const published = events(2_500);
    await platform.publish(published);
    const dying = platform.recorder({ source: dyingBeforeAck(platform.source) });
    await dying.start();
    await waitFor(() => dying.state().state === 'interrupted', { what: 'the crash' });
    await dying.stop();
    expect((await platform.ids()).length).toBeGreaterThan(0);

    await platform.recorder().start();
    await platform.logged(2_500);

    expect(await platform.ids()).toEqual(idsOf(published));
    expect([await platform.rows('select * from log_hole'), rootOf(await platform.tree.edge(2_500))]).toEqual([[], await platform.treeOfRows()]);
  });

  it('of the database session is survived', async () => {
    const [first, second] = [events(100), events(100)];
    await platform.publish(first);
    const recorder = platform.recorder();
    await recorder.start();
    await platform.logged(100);
    await platform.rows(`select pg_terminate_backend(pid) from pg_stat_activity where application_name like '%event-log-writer%'`);
    await platform.publish(second);
    await platform.logged(200);

    expect(await platform.ids()).toEqual(idsOf([...first, ...second]));
  });

  it('of PostgreSQL is survived, for however long it is away', async () => {
    const postgres = await startTestPostgres();
    const own = await openPlatform(nats, postgres.adminUrl);
    try {
      const [first, second, third] = [events(100), events(3_000), events(100)];
      await own.publish(first);
      const recorder = own.recorder({ leaseTtlMs: 1_000 });
      await recorder.start();
      await own.logged(100);
      // Away in the middle of writing, and for longer than the lease lasts.
      await own.publish(second);
      await postgres.kill();
      await waitFor(() => recorder.state().state === 'interrupted', { what: 'the interruption' });
      await own.publish(third);
      await delay(1_500);
      expect(recorder.state().state).toBe('interrupted');
      await postgres.restart();
      await own.logged(3_200);

      expect(await own.ids()).toEqual(idsOf([...first, ...second, ...third]));
      expect(await own.rows('select * from log_hole')).toEqual([]);
    } finally {
      await own.close();
      await postgres.stop();
    }
  });

  it('of the broker is survived', async () => {
    const [first, second] = [events(100), events(100)];
    await platform.publish(first);
    await platform.recorder().start();
    await platform.logged(100);
    await nats.backUp();
    await platform.brokerIsBack();
    await platform.publish(second);
    await platform.logged(200);

    expect(await platform.ids()).toEqual(idsOf([...first, ...second]));
    expect(await platform.rows('select epoch from log_epoch')).toEqual([{ epoch: 1 }]);
  });
});

describe('an epoch', () => {
  const opened = async () => (await platform.rows('select body from outbox order by id')).map((row) => (JSON.parse(row['body'] as string) as { data: unknown }).data);

  it('is announced when it opens', async () => {
    await platform.recorder().start();
    await waitFor(async () => (await platform.store.tail()) !== null, { what: 'an epoch' });

    const { created } = await platform.source.state();
    expect(await opened()).toEqual([{ epoch: 1, streamCreated: created, previousEpoch: null, lastSequence: null }]);
  });

  it('ends with its stream, also while the writer runs', async () => {
    const [first, second] = [events(30), events(20)];
    await platform.publish(first);
    await platform.recorder().start();
    await platform.logged(30);
    await platform.recreateStream();
    await platform.publish(second);
    await platform.logged(20, 2);

    expect(await platform.ids(1)).toEqual(idsOf(first));
    expect(await platform.ids(2)).toEqual(idsOf(second));
    expect(await opened()).toMatchObject([{ epoch: 1 }, { epoch: 2, previousEpoch: 1, lastSequence: 30 }]);
    expect(await platform.store.countRows()).toBe(50);
  });

  it('ends when the stream was restored, and the next begins with the first event that differs', async () => {
    const [kept, lost, fresh] = [events(30), events(20), events(5)];
    await platform.publish(kept);
    await nats.backUp();
    await platform.brokerIsBack();
    await platform.publish(lost);
    const recorder = platform.recorder();
    await recorder.start();
    await platform.logged(50);
    await recorder.stop();

    await nats.restore();
    await platform.brokerIsBack();
    await platform.publish(fresh);
    await platform.recorder().start();
    await platform.logged(35, 2);

    expect(await platform.ids(1)).toEqual(idsOf([...kept, ...lost]));
    expect(await platform.ids(2)).toEqual(idsOf(fresh));
    expect(await platform.rows('select epoch, reason, previous_epoch from log_epoch order by 1')).toEqual([
      { epoch: 1, reason: 'first', previous_epoch: null },
      { epoch: 2, reason: 'restored', previous_epoch: 1 },
    ]);
    expect(await platform.store.countRows()).toBe(55);
  });
});

describe('a stream that is restored while the writer runs', () => {
  it('goes on in a new epoch with the first event that differs', async () => {
    const [kept, lost, fresh] = [events(30), events(20), events(5)];
    await platform.publish(kept);
    await platform.recorder().start();
    await platform.logged(30);
    await nats.backUp();
    await platform.brokerIsBack();
    await platform.publish(lost);
    await platform.logged(50);
    await nats.restore();
    await platform.brokerIsBack();
    await platform.publish(fresh);
    await platform.logged(35, 2);

    expect(await platform.ids(1)).toEqual(idsOf([...kept, ...lost]));
    expect(await platform.ids(2)).toEqual(idsOf(fresh));
    expect(await platform.rows('select epoch, reason from log_epoch order by 1')).toEqual([
      { epoch: 1, reason: 'first' },
      { epoch: 2, reason: 'restored' },
    ]);
    expect(await platform.rows('select * from log_hole')).toEqual([]);
    expect([await platform.tree.state(), rootOf(await platform.tree.edge(55))]).toMatchObject([{ size: 55 }, await platform.treeOfRows()]);
    expect(await platform.tree.leafIndex({ epoch: 2, sequence: 35 })).toBe(54);
  });
});

describe('a contradiction between stream and log', () => {
  it('stops the writer until an operator declares the epoch over', async () => {
    const [kept, lost, fresh] = [events(30), events(20), events(40)];
    await platform.publish(kept);
    await nats.backUp();
    await platform.brokerIsBack();
    await platform.publish(lost);
    const recorder = platform.recorder();
    await recorder.start();
    await platform.logged(50);
    await recorder.stop();

    // Restored, and already longer than before when the writer comes back: only the events tell.
    await nats.restore();
    await platform.brokerIsBack();
    await platform.publish(fresh);
    const stopped = platform.recorder();
    await stopped.start();
    await waitFor(() => stopped.state().state === 'conflict', { what: 'the conflict' });

    expect(stopped.state()).toMatchObject({ why: expect.stringContaining(`the event log holds event ${lost[0]!.id} at epoch 1, sequence 31, but the stream now has ${fresh[0]!.id}`) as string });
    expect(await platform.ids(1)).toEqual(idsOf([...kept, ...lost]));
    expect(await metric('granary_event_log_conflicts_total')).toBe(1);

    await platform.recorder({ closedEpoch: 1 }).start();
    await platform.logged(70, 2);
    expect(await platform.ids(2)).toEqual(idsOf(fresh));
  });

  it('is found when the place is taken, and only then', async () => {
    const writer = await platform.writer();
    await writer.openEpoch(1);
    const rows = [1, 2, 3].map((sequence) => aRow({ sequence }));

    await writer.append(1, rows.slice(0, 2));
    await writer.append(1, rows);
    expect(await platform.ids()).toEqual(rows.map((row) => row.eventId));

    await expect(writer.append(1, [aRow({ sequence: 3, eventId: 'another' }), aRow({ sequence: 4 })])).rejects.toMatchObject({ code: 'log-conflict' });
    expect(await platform.ids()).toHaveLength(3);
    await writer.close();
  });
});

describe('a hole', () => {
  it('of deleted messages is recorded once, and the log goes on behind it', async () => {
    const published = events(10);
    await platform.publish(published);
    for (const sequence of [4, 5, 8]) await platform.manager.streams.deleteMessage('EVENTS', sequence);
    await platform.recorder({ leaseTtlMs: 300 }).start();
    await platform.logged(10);

    expect(await platform.rows('select first_sequence::int as first, last_sequence::int as last from log_hole order by 1')).toEqual([{ first: 4, last: 5 }, { first: 8, last: 8 }]);
    expect(await platform.ids()).toEqual(idsOf(published.filter((_event, index) => ![4, 5, 8].includes(index + 1))));
    expect(await metric('granary_event_log_lost_events_total')).toBe(3);
    expect(await platform.store.countRows()).toBe(7);
    expect([await platform.tree.state(), rootOf(await platform.tree.edge(9))]).toMatchObject([{ size: 9, epoch: 1, sequence: 10 }, await platform.treeOfRows()]);
    expect(await Promise.all([1, 3, 6, 7, 9, 10].map((sequence) => platform.tree.leafIndex({ epoch: 1, sequence })))).toEqual([0, 2, 4, 5, 7, 8]);
  });

  it('of expired messages is recorded at the beginning', async () => {
    await platform.publish(events(5));
    await platform.manager.streams.update('EVENTS', { max_age: 100_000_000, duplicate_window: 100_000_000 });
    await waitFor(async () => (await platform.source.state()).firstSequence === 6, { what: 'expiry' });
    await platform.manager.streams.update('EVENTS', { max_age: 0 });
    await platform.publish(events(2));
    await platform.recorder().start();
    await platform.logged(7);

    expect(await platform.rows('select first_sequence::int as first, last_sequence::int as last from log_hole')).toEqual([{ first: 1, last: 5 }]);
    expect(await platform.store.countRows()).toBe(2);
  });

  it('is none when only the log has lost its rows: it reads them again', async () => {
    const published = events(50);
    await platform.publish(published);
    const recorder = platform.recorder();
    await recorder.start();
    await platform.logged(50);
    await recorder.stop();
    await platform.rows('truncate event_log, log_epoch, log_partition, log_hole, tree_epoch, tree_tile');
    await platform.rows('update tree_state set size = 0, epoch = 0, sequence = 0');
    await platform.rows('drop table event_log_1_0');

    await platform.recorder().start();
    await platform.logged(50);
    expect(await platform.ids()).toEqual(idsOf(published));
    expect(await platform.rows('select * from log_hole')).toEqual([]);
  });
});

describe('a second writer', () => {
  it('waits, and goes on at once when the first stops', async () => {
    const [one, two] = [platform.recorder(), platform.recorder()];
    await one.start();
    await waitFor(() => one.state().state === 'writing', { what: 'the first writer' });
    await two.start();
    const [first, second] = [events(100), events(100)];
    await platform.publish(first);
    await platform.logged(100);
    expect(two.state().state).toBe('standby');

    await one.stop();
    await platform.publish(second);
    await platform.logged(200);
    expect(two.state().state).toBe('writing');
    expect(await platform.ids()).toEqual(idsOf([...first, ...second]));
  });

  it('takes over from one that froze in the middle of a write, whose rows never count', async () => {
    const writer = await platform.writer({ owner: 'frozen', ttlMs: 1_000 });
    await writer.openEpoch(1, { streamCreated: (await platform.source.state()).created });
    const frozen = await platform.database.across.dedicated(`event-log-writer ${writer.lease.epoch}`);
    await frozen.query('begin');
    await frozen.query(`insert into event_log (epoch, sequence, stored_at, tenant, type, key, event_id, body) values (1, 1, now(), 't', 'x', 'k', 'never', '{}')`);

    const published = events(10);
    await platform.publish(published);
    await platform.recorder().start();
    await platform.logged(10);

    expect(await platform.ids()).toEqual(idsOf(published));
    await expect(frozen.query('commit')).rejects.toThrow();
    await writer.close();
  });

  it('does not wait for the first, which gives up what hangs when it has lost the lease', async () => {
    const [first, second] = [events(1), events(10)];
    await platform.publish(first);
    const recorder = platform.recorder({ leaseTtlMs: 1_000 });
    await recorder.start();
    await platform.logged(1);
    // Its next write hangs, as on a server that went silent.
    const blocker = await platform.database.dedicated('blocker');
    await blocker.query('begin');
    await blocker.query('lock table event_log in exclusive mode');
    await platform.publish(second);
    await waitFor(async () => (await platform.rows(`select 1 from pg_locks where relation = 'event_log_1_0'::regclass and not granted`)).length > 0, { what: 'the write that hangs' });
    await platform.rows(`update partition_leases set owner = 'another', epoch = epoch + 1, expires_at = clock_timestamp() + interval '3 s' where consumer = 'audit-log'`);

    await waitFor(() => recorder.state().state === 'standby', { what: 'the first to stand by', timeoutMs: 3_000 });
    await blocker.query('rollback');
    await blocker.end();
    await platform.logged(11);
    expect(await platform.ids()).toEqual(idsOf([...first, ...second]));
  });

  it('is let in by a first that cannot renew its lease, since nobody answers', async () => {
    const recorder = platform.recorder({ leaseTtlMs: 1_000 });
    await recorder.start();
    await waitFor(() => recorder.state().state === 'writing', { what: 'the first writer' });
    const blocker = await platform.database.dedicated('blocker');
    await blocker.query('begin');
    await blocker.query(`select 1 from partition_leases where consumer = 'audit-log' for update`);

    await waitFor(() => recorder.state().state === 'standby', { what: 'the first to stand by' });
    await blocker.query('rollback');
    await blocker.end();
    await waitFor(() => recorder.state().state === 'writing', { what: 'a writer' });
  });

  it('fences the first, whatever that still believes', async () => {
    const old = await platform.writer({ owner: 'old', ttlMs: 0 });
    await old.openEpoch(1);
    await waitFor(async () => (await platform.database.leases.acquire(WRITER, 'new', 10_000)) !== null, { what: 'the takeover' });

    await expect(old.append(1, [aRow({ sequence: 1 })])).rejects.toMatchObject({ code: 'lease-lost' });
    await expect(old.addPartitions(1, [50])).rejects.toMatchObject({ code: 'lease-lost' });
    await expect(old.openEpoch(2)).rejects.toMatchObject({ code: 'lease-lost' });
    expect(await platform.ids()).toEqual([]);
    await old.close();
  });
});

it('reads and acknowledges with the rights that the access document gives, from the consumer that is provisioned', async () => {
  await platform.manager.streams.delete('EVENTS');
  await platform.provision();
  await platform.publish(events(3));
  await platform.recorder().start();
  await platform.logged(3);
});

it('reads on after somebody else acknowledged what was not logged', async () => {
  const [first, second] = [events(3), events(3)];
  await platform.publish(first);
  const recorder = platform.recorder();
  await recorder.start();
  await platform.logged(3);
  // A reader beside the writer, as one that does not know yet that it was replaced: takes what comes and acknowledges it.
  const stray = await jetstream(platform.admin.connection).consumers.get('EVENTS', 'audit-log');
  const messages = await stray.consume({ max_messages: 10, callback: (message) => message.ack() });
  await platform.publish(second);
  await waitFor(async () => (await platform.manager.consumers.info('EVENTS', 'audit-log')).ack_floor.stream_seq === 6, { what: 'the stray acknowledgement' });
  messages.stop();

  await platform.logged(6);
  expect(await platform.ids()).toEqual(idsOf([...first, ...second]));
  expect(await platform.rows('select * from log_hole')).toEqual([]);
});
