import { createLogger } from '@granary/observability';
import { freshDatabase, type FreshDatabase } from '@granary/testing';
import { v7 } from 'uuid';
import { trackArtifacts } from './artifact-cache.store';
import { openDatabase, type Database } from './database.client';
import { createLookups } from './lookups.store';

const tenant = 'acme';
const source = 'granary/harvester';
const now = new Date();
const daysAgo = (days: number): string => v7({ msecs: now.getTime() - days * 86_400_000 });

let fresh: FreshDatabase;
let database: Database;
beforeAll(async () => {
  fresh = await freshDatabase('normalizer');
  database = await openDatabase({ url: fresh.url, schema: 'normalizer', applicationName: 'normalizer', now: () => now, log: createLogger({ service: 'test', level: 'silent' }) });
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});

it('tells which events are still to be handled: those held, and those of which the inbox does not know', async () => {
  const { rows } = database.across;
  const [handled, replayed, held, coming, forgotten, heldLong] = [daysAgo(1), daysAgo(2), daysAgo(3), daysAgo(14), daysAgo(16), daysAgo(30)];
  const note = (id: string, run = 'live') => rows.query('insert into inbox (consumer, run, tenant, source, event_id) values ($1, $2, $3, $4, $5)', ['normalizer', run, tenant, source, id]);
  const hold = (id: string) => rows.query(`insert into held_events (consumer, partition_group, run, tenant, key, position, source, event_id, event_type, state, attempts, code, message, correlation_id, body) values ('normalizer', 0, 'live', $1, 'k', 1, $2, $3, 't', 'dead', 1, 'c', 'm', 'c', '{}')`, [tenant, source, id]);
  await note(handled);
  await note(replayed, 'a-replay');
  for (const id of [held, heldLong]) await hold(id);

  const ask = (ids: readonly string[], of = tenant, consumer = 'normalizer') => database.handled.unhandled(source, ids.map((id) => ({ consumer, tenant: of, id }))).then((found) => found.sort());
  expect(await ask([handled, replayed, held, coming, forgotten, heldLong])).toEqual([replayed, held, coming, heldLong].sort());
  expect(await ask([handled], 'other')).toEqual([handled]);
  expect(await ask([handled], tenant, 'another-consumer')).toEqual([handled]);
  expect(await ask([])).toEqual([]);
});

it('adds up lookups of all replicas by day', async () => {
  const runner = database.dataSource.createQueryRunner();
  await runner.query('create table artifacts (tenant text, digest text, primary key (tenant, digest))');
  await trackArtifacts(runner);
  await runner.release();
  const [one, other] = [createLookups(database), createLookups(database)];
  one.count(tenant, 'facts', { hits: 3 });
  one.count(tenant, 'facts', { misses: 1 });
  other.count(tenant, 'facts', { hits: 2 });
  other.count('beta', 'artifact', { misses: 1 });
  await Promise.all([one.flush(), other.flush()]);
  await one.flush();
  expect(await one.read(1)).toEqual([{ tenant, kind: 'facts', hits: 5, misses: 1 }, { tenant: 'beta', kind: 'artifact', hits: 0, misses: 1 }]);
  await database.across.rows.query('update cache_lookups set day = day - 5');
  expect(await one.read(5)).toEqual([]);
  expect(await one.read(6)).toHaveLength(2);
});

it('says what it is, by how much the clocks differ, and which migrations the schema lacks or has from a newer build', async () => {
  const fresh = { server: expect.stringMatching(/^\d+\.\d+$/) as string, migrations: 3, pending: [], ahead: [] };
  expect(await database.inspect()).toMatchObject(fresh);
  const { dataSource } = database;
  const [{ name: first }]: [{ name: string }] = await dataSource.query('select name from migrations order by id limit 1');
  await dataSource.query('update migrations set name = $1 where name = $2', ['OfTomorrow1', first]);
  expect(await database.inspect()).toMatchObject({ ...fresh, pending: [first], ahead: ['OfTomorrow1'] });
  await dataSource.query('update migrations set name = $2 where name = $1', ['OfTomorrow1', first]);

  // The clock of this process stands; that of the server goes on.
  expect((await database.inspect()).clockOffsetMs).toBeGreaterThan(0);
});
