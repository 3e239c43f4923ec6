// A cycle over the caches in figures: real services, each a process of its own, and artifacts as harvests leave them.
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { accessDocuments } from '@granary/contracts';
import type { CacheCycle } from '@granary/contracts';
import { createRpcClient } from '@granary/messaging';
import type { RpcClient } from '@granary/messaging';
import { startServers } from '../../support/servers.ts';
import type { Servers } from '../../support/servers.ts';
import { firstCredentials, serviceProcess } from '../../support/services.ts';

const FOLDER = new URL('../../../services', import.meta.url).pathname;
const PROCESSES = ['auth', 'harvester', 'normalizer', 'cache-janitor'];

export interface JanitorFigures {
  artifacts: number;
  [figure: string]: unknown;
}

/** @param quick fewer artifacts, to see that everything works */
export async function benchJanitor(quick: boolean): Promise<JanitorFigures> {
  const artifacts = quick ? 2_000 : 100_000;
  const servers = await startServers({ access: accessDocuments });
  const first = firstCredentials();
  const services = await Promise.all(PROCESSES.map((name) => serviceProcess({ servers, folder: FOLDER, name, first, settings: { GRANARY_LOG_LEVEL: 'error', GRANARY_HARVESTER_POLL_LOCAL_QUIET: '1d' } })));
  try {
    for (const service of services) await service.start();
    const broker = await servers.connect('operator');
    const { accessToken } = await createRpcClient({ broker }).call('auth.key.exchange', { key: first.key });
    const rpc = createRpcClient({ broker, token: () => Promise.resolve(accessToken) });
    await fill(servers, artifacts);
    const [harvester, janitor] = ['harvester', 'cache-janitor'].map((name) => services.find((service) => service.name === name)?.pid() ?? 0);
    const before = residentMb(janitor);
    const dry = await cycle(rpc, true);
    const swept = await cycle(rpc, false);
    const again = await cycle(rpc, false);
    const [part] = swept.parts;
    return {
      artifacts,
      'in use': part?.usedEntries,
      'dry run ms': took(dry),
      'cycle ms': took(swept),
      'deleted': part?.evictedEntries,
      'deleted MB': Math.round((part?.evictedBytes ?? 0) / 1e6),
      'deleted a second': Math.round((part?.evictedEntries ?? 0) / (took(swept) / 1_000)),
      'packed': part?.packedEntries,
      'saved by packing MB': Math.round((part?.packedBytes ?? 0) / 1e5) / 10,
      'next cycle ms, nothing to do': took(again),
      'janitor RSS before, at most MB': [before, peakMb(janitor)],
      'harvester RSS at most MB': peakMb(harvester),
    };
  } finally {
    for (const service of services.toReversed()) await service.end();
    await servers.stop();
  }
}

async function cycle(rpc: RpcClient, dryRun: boolean): Promise<CacheCycle> {
  const { cycleId } = await rpc.call('cache-janitor.cache.sweep', { dryRun });
  for (;;) {
    const { cycle: seen } = await rpc.call('cache-janitor.cycle.show', { cycleId, limit: 1 });
    if (seen.finishedAt !== null) return seen;
    await delay(50);
  }
}

const took = ({ startedAt, finishedAt }: CacheCycle): number => Date.parse(finishedAt ?? startedAt) - Date.parse(startedAt);

const LARGE = 5;

/**
 * Four of five were not used for ten days, and one of a hundred of these is named by an event that the normalizer has not
 * handled. A hundred hold the newest facts of a repository. A few are large.
 */
async function fill(servers: Servers, count: number): Promise<void> {
  const [harvester, normalizer] = await Promise.all([servers.open('harvester'), servers.open('normalizer')]);
  const { rows } = harvester.across;
  const digest = `'sha256:' || encode(sha256(n::text::bytea), 'hex')`;
  // The time of a UUID of version 7 decides whether an event may still be delivered.
  const eventId = `(lpad(to_hex((extract(epoch from now()) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(n % 4096), 3, '0') || '8' || lpad(to_hex(n), 15, '0'))::uuid`;
  await rows.query(
    `insert into artifacts (tenant, digest, media_type, bytes, body, created_at, last_used_at)
     select 'default', ${digest}, 'application/vnd.granary.facts+json;version=1', 10000, decode(repeat(md5(n::text), 60), 'hex'), now() - interval '20 days', now() - case when n % 5 = 0 then interval '1 day' else interval '10 days' end
     from generate_series(1, $1) as n`,
    [count - LARGE],
  );
  await rows.query(`insert into artifact_names (tenant, digest, event_id, event_type) select 'default', ${digest}, ${eventId}, 'harvest.completed.v1' from generate_series(1, $1) as n`, [count - LARGE]);
  const handled = await rows.query<{ event_id: string }[]>(`select event_id from artifact_names order by event_id`);
  await normalizer.across.rows.query(`insert into inbox (consumer, run, tenant, source, event_id) select 'normalizer', 'live', 'default', 'granary/harvester', id from unnest($1::text[]) with ordinality as handled (id, n) where n % 100 > 0`, [handled.map((row) => row.event_id)]);
  await rows.query(
    `insert into repositories (repository_id, tenant, name, location, transport, state, head_moved_at, next_poll_at, registered_at, harvested_commit, pack_digest, facts_marked_at)
     select gen_random_uuid(), 'default', 'r' || n, '/nowhere/' || n, 'file', 'active', now(), now() + interval '1 day', now(), repeat('a', 40), ${digest}, now() from generate_series(1, 100) as n`,
  );
  await fillLarge(rows);
  await rows.query('analyze artifacts');
  await Promise.all([harvester.close(), normalizer.close()]);
}

/** Text as fact packs have it, compressed as they are when they come. */
async function fillLarge(rows: Awaited<ReturnType<Servers['open']>>['across']['rows']): Promise<void> {
  const { createHash } = await import('node:crypto');
  const { zstdCompressSync } = await import('node:zlib');
  for (let number = 0; number < LARGE; number += 1) {
    const modules = Array.from({ length: 60_000 }, (_, n) => ({ path: `src/part-${n % 211}/module-${(n * 7919 + number) % 65_521}.ts`, blob: createHash('sha1').update(`${number} ${n}`).digest('hex'), imports: [{ specifier: `../part-${(n * 31) % 211}/index`, kind: 'static', line: n % 97 }] }));
    const content = Buffer.from(JSON.stringify({ number, modules }));
    await rows.query(`insert into artifacts (tenant, digest, media_type, bytes, body, created_at, last_used_at) values ('default', $1, 'application/vnd.granary.facts+json;version=1', $2, $3, now(), now() - interval '1 day')`, [`sha256:${createHash('sha256').update(content).digest('hex')}`, content.length, zstdCompressSync(content)]);
  }
}

const residentMb = (pid = 0): number => statusMb(pid, 'VmRSS');
const peakMb = (pid = 0): number => statusMb(pid, 'VmHWM');

function statusMb(pid: number, field: string): number {
  return Math.round(Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_000);
}
