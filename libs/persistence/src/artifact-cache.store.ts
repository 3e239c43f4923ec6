import { createHash } from 'node:crypto';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib';
import type { CacheEntry, CacheOutcome, CacheTarget, EventType } from '@granary/contracts';
import { outcomeOf } from '@granary/messaging';
import type { AskConsumers, AskReplays, Shelf } from '@granary/messaging';
import type { EntityManager, QueryRunner } from 'typeorm';
import type { Database } from './database.client';
import { joinTenants, separateTenants } from './separate-tenants.store';

/** What was read so recently may be read still: readers take one piece after the other. */
const BEING_READ = `interval '10 minutes'`;

/**
 * For migrations of services that have a table `artifacts`: from now on it is known when each was last used, and which
 * events name it.
 */
export async function trackArtifacts(runner: QueryRunner): Promise<void> {
  await runner.query('alter table artifacts add column last_used_at timestamptz not null default now(), add column packed boolean not null default false');
  await runner.query(`
    create table artifact_names (
      tenant text not null,
      digest text not null,
      event_id uuid not null,
      event_type text not null,
      handled boolean not null default false,
      primary key (tenant, digest, event_id),
      foreign key (tenant, digest) references artifacts on delete cascade
    )`);
  await runner.query(`
    create table cache_lookups (
      tenant text not null,
      kind text not null,
      day date not null,
      hits bigint not null default 0,
      misses bigint not null default 0,
      primary key (tenant, kind, day)
    )`);
  await separateTenants(runner, ['artifact_names', 'cache_lookups']);
}

/** Takes that back. */
export async function untrackArtifacts(runner: QueryRunner): Promise<void> {
  await joinTenants(runner, ['artifact_names', 'cache_lookups']);
  await runner.query('drop table cache_lookups');
  await runner.query('drop table artifact_names');
  await runner.query('alter table artifacts drop column last_used_at, drop column packed');
}

/**
 * Notes that an event names artifacts, in the transaction that announces it: until every consumer has handled it they
 * stay. Artifacts that are kept anew have been touched in the same transaction, so none of them can go meanwhile.
 */
export async function noteArtifacts(manager: EntityManager, tenant: string, event: { type: EventType; id: string }, digests: readonly string[]): Promise<void> {
  await manager.query(
    `insert into artifact_names (tenant, digest, event_id, event_type) select $1, digest, $2, $3 from unnest($4::text[]) as digest on conflict do nothing`,
    [tenant, event.id, event.type, digests],
  );
}

/** Says that an artifact is used, once a minute at most: put before a \`select\` of it, with \`$1\` its tenant and \`$2\` its digest. */
export const USING_ARTIFACT = `with used as (update artifacts set last_used_at = now() where tenant = $1 and digest = $2 and last_used_at < now() - interval '1 minute')`;

export interface ArtifactShelfOptions {
  readonly database: Pick<Database, 'across'>;
  /** SQL about the row `artifact`: why it may not go, null when it may. */
  readonly inUse: string;
  readonly askConsumers: AskConsumers;
  readonly askReplays: AskReplays;
}

interface Row {
  tenant: string;
  digest: string;
  media_type: string;
  bytes: string;
  stored: string;
  created_at: Date;
  last_used_at: Date;
  packed: boolean;
  in_use: string | null;
  named: { type: EventType; id: string; handled: boolean }[] | null;
}

/** Who still has to read artifacts, by the id of the event that names them, and why. */
type Awaiting = ReadonlyMap<string, string>;

/** Artifacts as a cache: who asks for them, what keeps them, and how they go. */
export function artifactShelf({ database, inUse, askConsumers, askReplays }: ArtifactShelfOptions): Shelf {
  const { rows } = database.across;
  const columns = `tenant, digest, media_type, bytes, octet_length(body) as stored, created_at, last_used_at, packed,
    case when last_used_at > now() - ${BEING_READ} then 'it was used in the last 10 minutes' else (${inUse}) end as in_use,
    (select json_agg(json_build_object('type', event_type, 'id', event_id, 'handled', handled)) from artifact_names named where named.tenant = artifact.tenant and named.digest = artifact.digest) as named`;

  /** What keeps artifacts beside their rows; what no consumer has to handle any more is noted, and consumers are not asked about it again. */
  const awaiting = async (found: readonly Row[]): Promise<Awaiting> => {
    const naming = found.flatMap(({ tenant, digest, named }) => (named ?? []).map((event) => ({ tenant, digest, ...event })));
    const events = naming.filter(({ handled }) => !handled);
    const waiting = events.length === 0 ? new Map<string, string>() : await askConsumers(events);
    const handled = events.filter(({ id }) => !waiting.has(id));
    if (handled.length > 0) {
      await rows.query(
        `update artifact_names named set handled = true from unnest($1::text[], $2::text[], $3::uuid[]) as one (tenant, digest, event_id)
         where named.tenant = one.tenant and named.digest = one.digest and named.event_id = one.event_id`,
        [handled.map(({ tenant }) => tenant), handled.map(({ digest }) => digest), handled.map(({ id }) => id)],
      );
    }
    const others = naming.filter(({ id }) => !waiting.has(id));
    const replayed = others.length === 0 ? [] : await askReplays(others);
    return new Map([...[...waiting].map(([id, reader]) => [id, `${reader} has not handled that yet`] as const), ...[...replayed].map(([id, consumer]) => [id, `a replay to ${consumer} has that before it`] as const)]);
  };
  const byTarget = (targets: readonly CacheTarget[]): Promise<Row[]> =>
    rows.query<Row[]>(`select ${columns} from artifacts artifact where (tenant, digest) in (select * from unnest($1::text[], $2::text[]))`, [targets.map(({ tenant }) => tenant), targets.map(({ id }) => id)]);

  return {
    kind: 'artifact',
    async list(after, limit) {
      const [tenant = '', digest = ''] = after?.split(' ') ?? [];
      const found = await rows.query<Row[]>(`select ${columns} from artifacts artifact where (tenant, digest) > ($1, $2) order by tenant, digest limit $3`, [tenant, digest, limit]);
      const awaited = await awaiting(found);
      const last = found.at(-1);
      return { entries: found.map((row) => entryOf(row, awaited)), after: last !== undefined && found.length === limit ? `${last.tenant} ${last.digest}` : null };
    },
    async evict(targets) {
      const before = new Map((await byTarget(targets)).map((row) => [`${row.tenant} ${row.digest}`, row]));
      const awaited = await awaiting([...before.values()]);
      const free = targets.filter((target) => heldBy(before.get(`${target.tenant} ${target.id}`), awaited) === null);
      // Everything that can come to need one has touched its row, and whoever wins the lock of that row is seen by the other.
      const [deleted] = await rows.query<[{ tenant: string; digest: string }[], number]>(
        `delete from artifacts artifact using unnest($1::text[], $2::text[], $3::timestamptz[]) as target (tenant, digest, listed_use)
         where artifact.tenant = target.tenant and artifact.digest = target.digest
           and last_used_at < listed_use + interval '1 millisecond' and last_used_at <= now() - ${BEING_READ}
           and not exists (select 1 from artifact_names named where named.tenant = artifact.tenant and named.digest = artifact.digest and not handled)
           and (${inUse}) is null
         returning artifact.tenant, artifact.digest`,
        [free.map(({ tenant }) => tenant), free.map(({ id }) => id), free.map(({ lastUsedAt }) => lastUsedAt)],
      );
      const gone = new Set(deleted.map(({ tenant, digest }) => `${tenant} ${digest}`));
      return targets.map((target) => {
        const row = before.get(`${target.tenant} ${target.id}`);
        if (row === undefined) return outcomeOf(target, 'gone');
        if (gone.has(`${row.tenant} ${row.digest}`)) return outcomeOf(target, 'evicted', { bytes: Number(row.stored) });
        return outcomeOf(target, 'in-use', { why: entryOf(row, awaited).inUse ?? 'it was used since it was listed' });
      });
    },
    pack: (target) => pack(database, target),
  };
}

/** Why the events that name an artifact keep it; null when none does. */
function heldBy(row: Pick<Row, 'named'> | undefined, awaited: Awaiting): string | null {
  const holding = row?.named?.find(({ id }) => awaited.has(id));
  return holding === undefined ? null : `${holding.type} names it, and ${awaited.get(holding.id)}`;
}

function entryOf({ tenant, digest, media_type: what, bytes, stored, created_at: createdAt, last_used_at: lastUsedAt, packed, in_use: inUse, named }: Row, awaited: Awaiting): CacheEntry {
  const kept = inUse ?? heldBy({ named }, awaited);
  return { tenant, kind: 'artifact', id: digest, what, bytes: Number(stored), contentBytes: Number(bytes), createdAt: createdAt.toISOString(), lastUsedAt: lastUsedAt.toISOString(), compression: packed ? 'dense' : 'fast', lasting: false, inUse: kept };
}

/** Compresses an artifact anew, as tightly as can be, unless it is read: who read one piece of it must find the next. */
async function pack({ across: { rows } }: Pick<Database, 'across'>, target: CacheTarget): Promise<CacheOutcome> {
  const { tenant, id } = target;
  const [row] = await rows.query<{ body: Buffer; free: boolean; used: string }[]>(`select body, last_used_at <= now() - ${BEING_READ} as free, last_used_at::text as used from artifacts where tenant = $1 and digest = $2`, [tenant, id]);
  if (row === undefined) return outcomeOf(target, 'gone');
  if (!row.free) return outcomeOf(target, 'in-use', { why: 'it was used in the last 10 minutes' });
  const { body, digest } = await compressAnew(row.body).catch(() => ({ body: row.body, digest: 'nothing that can be read' }));
  if (digest !== id) return outcomeOf(target, 'failed', { why: `${id} is damaged: it holds ${digest}. Harvest its repository again` });
  const saved = row.body.length - body.length;
  const [, written] = await rows.query<[unknown, number]>('update artifacts set packed = true, body = coalesce($4, body) where tenant = $1 and digest = $2 and last_used_at = $3::timestamptz', [tenant, id, row.used, saved > 0 ? body : null]);
  if (written === 0) return outcomeOf(target, 'in-use', { why: 'it was used meanwhile' });
  return saved > 0 ? outcomeOf(target, 'packed', { bytes: saved }) : outcomeOf(target, 'kept', { why: 'it is as small as it can be' });
}

// Beyond this level a tenth of the size takes several times as long.
const LEVEL = 15;

/** Never holds the content uncompressed. */
async function compressAnew(stored: Buffer): Promise<{ body: Buffer; digest: string }> {
  const hash = createHash('sha256');
  const hashing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const pieces: Buffer[] = [];
  await pipeline(Readable.from([stored]), createZstdDecompress(), hashing, createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: LEVEL } }), async (output: AsyncIterable<Buffer>) => {
    for await (const piece of output) pieces.push(piece);
  });
  return { body: Buffer.concat(pieces), digest: `sha256:${hash.digest('hex')}` };
}
