import { createLogger } from '@granary/observability';
import { openDatabase } from '@granary/persistence';
import type { Database } from '@granary/persistence';
import { freshDatabase, waitFor } from '@granary/testing';
import type { FreshDatabase } from '@granary/testing';
import { v7 } from 'uuid';
import { GateEntity } from '../store/gate.entity';
import { GateStore } from '../store/gate.store';
import { Caches1790000000000 } from '../store/migrations/caches.migration';
import { Findings1745000000000 } from '../store/migrations/findings.migration';
import { Freshness1750000000000 } from '../store/migrations/freshness.migration';
import { Harvests1740000000000 } from '../store/migrations/harvests.migration';
import { JobContext1795000000000 } from '../store/migrations/job-context.migration';
import { ArtifactRepositories1785000000000 } from '../store/migrations/artifact-repositories.migration';
import { TenantRows1780000000000 } from '../store/migrations/tenant-rows.migration';
import { Withheld1760000000000 } from '../store/migrations/withheld.migration';
import { RepositoryEntity } from '../store/repository.entity';
import { RepositoryStore } from '../store/repository.store';
import { setGate } from './gate.handler';

const context = { tenant: 'acme', correlationId: 'c1', caller: null, token: null, access: null, repositories: 'all' as const };
const log = createLogger({ service: 'test', level: 'silent' });
const now = () => new Date('2026-03-02T09:14:02.117Z');

let fresh: FreshDatabase;
let database: Database;
let repositories: RepositoryStore;

beforeAll(async () => {
  fresh = await freshDatabase('harvester');
  database = await openDatabase({ url: fresh.url, schema: 'harvester', applicationName: 'harvester', entities: [RepositoryEntity, GateEntity], migrations: [Harvests1740000000000, Findings1745000000000, Freshness1750000000000, Withheld1760000000000, TenantRows1780000000000, ArtifactRepositories1785000000000, Caches1790000000000, JobContext1795000000000], log });
  repositories = new RepositoryStore(database);
});

afterAll(async () => {
  await database?.close();
  await fresh?.drop();
});

const add = (repositoryId: string) =>
  database.across.rows.query(
    `insert into repositories (repository_id, tenant, name, location, transport, state, head_moved_at, next_poll_at, registered_at) values ($1, 'acme', $2, $2, 'file', 'active', now(), now(), now())`,
    [repositoryId, repositoryId],
  );

/** Another transaction waits for a row. */
const somebodyWaits = async (): Promise<boolean> => (await database.dataSource.query<unknown[]>('select 1 from pg_stat_activity where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0')).length > 0;

it('takes repositories in the order in which everybody takes several, however they lie in the table', async () => {
  const [first, second] = [v7(), v7()] as const;
  // The later id comes first in the table.
  for (const id of [second, first]) await add(id);
  const begun = Promise.withResolvers<void>();
  const requestAll = database.transact(context, async ({ manager }) => {
    await repositories.lock(manager, first);
    begun.resolve();
    await waitFor(somebodyWaits, { what: 'the gate to wait' });
    await repositories.lock(manager, second);
  });
  await begun.promise;
  const set = setGate({ database, gates: new GateStore(database), repositories, log, now })({ mode: 'block' }, context);
  expect(await Promise.allSettled([requestAll, set])).toMatchObject([{ status: 'fulfilled' }, { status: 'fulfilled', value: { mode: 'block' } }]);
  expect((await repositories.get('acme', first)).retryAt).toBeInstanceOf(Date);
});
