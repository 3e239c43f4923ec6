// A log in a database of its own, and a writer for tests that write rows by hand.
import type { Lease } from '@granary/messaging';
import { createLogger } from '@granary/observability';
import { openDatabase } from '@granary/persistence';
import { preparedDatabase } from '@granary/testing';
import { leafHash, leafLine, openFrontier, type Leaf } from '@granary/transparency';
import { leafRow } from '../src/prove/log-tree';
import type { LogRow } from '../src/record/row';
import { EventLogStore, type Findings, type NewEpoch } from '../src/store/event-log.store';
import { migrations } from '../src/store/migrations';
import { SearchStore } from '../src/store/search.store';
import { TreeStore } from '../src/store/tree.store';

export type TestLog = Awaited<ReturnType<typeof openLog>>;

/** The lease that the writer of the log holds. */
export const WRITER = { consumer: 'audit-log', group: 0 };
const MINUTE_MS = 60_000;

/** @param adminUrl of a PostgreSQL of the test's own */
export async function openLog(adminUrl?: string) {
  const log = createLogger({ service: 'audit', level: 'silent' });
  const open = (url: string) => openDatabase({ url, schema: 'audit', applicationName: 'audit', migrations, log });
  const fresh = await preparedDatabase('audit', { name: 'audit', prepare: async (url) => (await open(url)).close() }, adminUrl);
  const database = await open(fresh.url);
  const store = new EventLogStore(database);
  const rows = (sql: string, values: unknown[] = []) => database.across.rows.query<Record<string, unknown>[]>(sql, values);

  return {
    fresh,
    log,
    database,
    store,
    search: new SearchStore(database),
    tree: new TreeStore(database),
    rows,
    /** The root that the tree over these rows and holes has, made of them one by one. */
    async treeOfRows() {
      const events = await rows('select epoch, sequence, stored_at, tenant, type, key, event_id, body from event_log');
      const holes = await rows('select epoch, first_sequence, last_sequence from log_hole');
      const lines = [
        ...events.map(({ epoch, sequence, stored_at, tenant, type, key, event_id: eventId, body }) => ({ epoch, sequence: Number(sequence), storedAt: (stored_at as Date).toISOString(), tenant, type, key, eventId, body })),
        ...holes.map(({ epoch, first_sequence, last_sequence }) => ({ epoch, hole: { first: Number(first_sequence), last: Number(last_sequence) } })),
      ] as Leaf[];
      const place = (leaf: Leaf) => ('hole' in leaf ? leaf.hole.last : leaf.sequence);
      const frontier = openFrontier();
      for (const leaf of lines.sort((a, b) => a.epoch - b.epoch || place(a) - place(b))) frontier.append(leafHash(leafLine(leaf)));
      return frontier.root();
    },
    /** Event ids of an epoch in their order. */
    ids: async (epoch = 1) => (await rows('select event_id from event_log where epoch = $1 order by sequence', [epoch])).map((row) => row['event_id'] as string),
    /** Takes the lease for a minute, unless told otherwise, and writes by hand. */
    async writer({ owner = 'test', ttlMs = MINUTE_MS } = {}) {
      const lease = (await database.leases.acquire(WRITER, owner, ttlMs)) as Lease;
      const session = await store.openSession(lease);
      return {
        lease,
        session,
        /** Opens an epoch with partitions of fifty sequences from these on. */
        async openEpoch(epoch: number, { from = [0], ...changes }: Partial<NewEpoch> & { from?: readonly number[] } = {}) {
          await store.openEpoch(lease, { epoch, reason: 'first', previousEpoch: null, firstSequence: 1, streamCreated: '2026-03-02T09:00:00Z', ...changes }, null, 'correlation');
          await this.addPartitions(epoch, from);
        },
        addPartitions: (epoch: number, from: readonly number[]) => store.addPartitions(lease, from.map((first) => ({ epoch, from: first, until: first + 50 }))),
        append: (epoch: number, some: readonly LogRow[], findings?: Findings) => session.append(epoch, some.map((row) => leafRow(epoch, row)), findings),
        close: () => session.close(),
      };
    },
    async close() {
      await database.close();
      await fresh.drop();
    },
  };
}
