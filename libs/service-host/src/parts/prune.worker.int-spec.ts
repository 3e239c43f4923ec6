import { createLogger } from '@granary/observability';
import { openDatabase, type Database } from '@granary/persistence';
import { freshDatabase, waitFor, type FreshDatabase } from '@granary/testing';
import { pruneTask } from './prune.worker';

let fresh: FreshDatabase;
let database: Database;
const lines: string[] = [];
const log = createLogger({ service: 'test', level: 'info', destination: { write: (line) => lines.push((JSON.parse(line) as { msg: string }).msg) } });

beforeAll(async () => {
  fresh = await freshDatabase('auth');
  database = await openDatabase({ url: fresh.url, schema: 'auth', applicationName: 'auth', log: createLogger({ service: 'test', level: 'silent' }) });
});
afterAll(() => fresh.drop());

const NOW = new Date('2026-03-01T00:00:00Z');
const handled = (eventId: string, at: string) =>
  database.across.rows.query(`insert into inbox (consumer, run, tenant, source, event_id, handled_at) values ('auth', 'live', 'default', 'granary/harvester', $1, $2)`, [eventId, at]);
const eventIds = async () => (await database.across.rows.query<{ event_id: string }[]>('select event_id from inbox order by event_id')).map((row) => row.event_id);

it('forgets what the stream cannot bring again, and tries again after a failure', async () => {
  await handled('00000000-0000-7000-8000-000000000001', '2026-02-01T00:00:00Z');
  await handled('00000000-0000-7000-8000-000000000002', '2026-02-28T00:00:00Z');
  const task = pruneTask(database, log, () => NOW, 5);
  await task.start();
  await waitFor(async () => (await eventIds()).length === 1, { what: 'the old row to go' });
  expect(await eventIds()).toEqual(['00000000-0000-7000-8000-000000000002']);
  await waitFor(() => lines.includes('inbox pruned'), { what: 'the line about it' });

  await database.close();
  await waitFor(() => lines.includes('inbox not pruned; tried again in an hour'), { what: 'the line about the failure' });
  await task.stop();
});
