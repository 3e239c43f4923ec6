import { createMetrics } from '@granary/observability';
import { waitFor } from '@granary/testing';
import { events, openPlatform, type Platform } from '../../test/platform';
import { startRestorableNats, type RestorableNats } from '../../test/restorable-nats';
import { comparisonStore } from '../store/comparison.store';
import { comparisonMeters } from '../watch/comparison-metrics';
import { createComparer } from './comparer.worker';

let nats: RestorableNats;
let platform: Platform;
const started: { stop(): Promise<void> }[] = [];
beforeAll(async () => {
  nats = await startRestorableNats();
});
afterAll(() => nats.stop());
beforeEach(async () => {
  platform = await openPlatform(nats);
  // As it is provisioned, but for what these tests delete themselves.
  await platform.manager.streams.update('EVENTS', { allow_direct: true });
});
afterEach(async () => {
  for (const one of started.splice(0)) await one.stop();
  await platform.close();
});

function compare() {
  const metrics = createMetrics('audit');
  const stopping = new AbortController();
  const comparer = createComparer({ source: platform.source, store: platform.store, tree: platform.tree, meters: comparisonMeters(metrics), log: platform.log, perSecond: 1_000_000, everyMs: 5 });
  const done = comparer.compare(stopping.signal);
  const value = async (name: string, label?: string) => (await metrics.getSingleMetric(name)?.get())?.values.find(({ labels }) => label === undefined || labels['kind'] === label)?.value;
  const run = {
    comparer,
    value,
    upTo: (sequence: number, epoch = 1) => waitFor(() => comparer.state()?.upTo?.epoch === epoch && comparer.state()?.upTo?.sequence === sequence, { what: `the comparison of ${epoch}:${sequence}` }),
    async stop() {
      stopping.abort();
      await done;
    },
  };
  started.push(run);
  return run;
}

async function logged(count: number) {
  await platform.publish(events(count));
  await platform.recorder().start();
  await platform.logged(count);
}

/** As somebody with the database in their hands could. */
async function tamper(sql: string) {
  await platform.rows('alter table event_log disable trigger append_only');
  await platform.rows(sql);
}

it('goes along with the log, over holes and what cannot be read, and goes on where it was', async () => {
  await platform.publish(events(600));
  await platform.publishRaw('hello');
  await platform.publishRaw(Uint8Array.of(0, 1));
  for (const sequence of [4, 5, 8]) await platform.manager.streams.deleteMessage('EVENTS', sequence);
  await platform.recorder({ leaseTtlMs: 300 }).start();
  await platform.logged(602);
  const first = compare();
  await first.upTo(602);
  expect([first.comparer.state()?.wrong, await first.value('granary_event_log_complete_sequence'), await first.value('granary_event_log_compared_total')]).toEqual([null, 602, 602]);
  const [last] = await platform.rows('select max(stored_at) as last from event_log');
  expect(await first.value('granary_event_log_complete_timestamp_seconds')).toBe(Number(last?.['last']) / 1_000);
  await first.stop();

  await platform.publish(events(5));
  const second = compare();
  await second.upTo(607);
  expect(await second.value('granary_event_log_compared_total')).toBe(5);
  expect(await Promise.all(['not-logged', 'differs', 'tree-differs', 'unexplained', 'gone'].map((kind) => second.value('granary_event_log_differences_total', kind)))).toEqual([0, 0, 0, 0, 0]);
});

it.each([
  ['a row was removed', 'delete from event_log where sequence = 7', 'not-logged'],
  ['a body was changed', `update event_log set body = replace(body, 'harvest', 'garvest') where sequence = 7`, 'differs'],
  ['a leaf was changed', `update tree_tile set hashes = overlay(hashes placing decode(repeat('00', 32), 'hex') from 6 * 32 + 1) where level = 0`, 'tree-differs'],
])('sees that %s, and that it was put right', async (_what, sql, kind) => {
  await logged(20);
  await platform.rows('create table kept_log as select * from event_log where sequence = 7');
  await platform.rows('create table kept_tile as select * from tree_tile');
  await tamper(sql);
  const { comparer, upTo, value } = compare();
  await upTo(20);
  expect([comparer.state()?.wrong, await value('granary_event_log_differences_total', kind), await value('granary_event_log_complete_sequence')]).toEqual([{ epoch: 1, sequence: 7 }, 1, 6]);

  await tamper('delete from event_log where sequence = 7');
  await platform.rows('insert into event_log select * from kept_log');
  await platform.rows('update tree_tile set hashes = kept_tile.hashes from kept_tile where kept_tile.level = tree_tile.level and kept_tile.index = tree_tile.index');
  await waitFor(() => comparer.state()?.wrong === null, { what: 'the difference to be gone' });
  expect((await comparisonStore.state(platform.tree.query)).wrong).toBeNull();
});

it('sees what neither has, and what only the stream lost', async () => {
  await logged(20);
  await platform.manager.streams.deleteMessage('EVENTS', 3);
  await platform.manager.streams.deleteMessage('EVENTS', 9);
  await tamper('delete from event_log where sequence = 9');
  const { comparer, upTo, value } = compare();
  await upTo(20);
  expect(comparer.state()?.wrong).toEqual({ epoch: 1, sequence: 9 });
  expect([await value('granary_event_log_differences_total', 'gone'), await value('granary_event_log_differences_total', 'unexplained')]).toEqual([1, 1]);
});

it('begins anew with the next epoch', async () => {
  await logged(20);
  const { upTo } = compare();
  await upTo(20);
  await platform.recreateStream();
  await platform.manager.streams.update('EVENTS', { allow_direct: true });
  await platform.publish(events(3));
  await platform.logged(3, 2);
  await upTo(3, 2);
});

it('asks with the rights that the access document gives, of the stream that is provisioned', async () => {
  await platform.manager.streams.delete('EVENTS');
  await platform.provision();
  await logged(3);
  const { upTo } = compare();
  await upTo(3);
});
