import type { HarvestCompletedV1Data, LanguageShare } from '@granary/contracts';
import { isFault } from '@granary/faults';
import type { UnitOfWork } from '@granary/messaging';
import { languageStatistics } from '@granary/extract';
import type { Fact } from '@granary/extract';
import type { AnalysisPool } from '../analyse/pool.client';
import type { Mirrors, Snapshot } from '../mirror/mirror.client';
import type { Remotes } from '../mirror/remote.client';
import type { Change } from '@granary/git';
import { remoteOf } from '../register/remote-of';
import type { Vault } from '../register/vault';
import type { ArtifactStore } from '../store/artifact.store';
import type { FactStore } from '../store/fact.store';
import type { JobEntity } from '../store/job.entity';
import type { RepositoryEntity } from '../store/repository.entity';
import type { RepositoryStore } from '../store/repository.store';
import type { Artifact } from './artifact';
import { pressArtifact, refOf } from './artifact';
import { CHANGES_MEDIA_TYPE, changesText, FACTS_MEDIA_TYPE, factPackText } from '@granary/extract';
import type { Counts, ScannedFile, Unread } from '@granary/extract';
import { countFiles, scan, unread } from '@granary/extract';
import type { Durations, StageName } from './stages';

export interface HarvestDeps {
  readonly repositories: RepositoryStore;
  readonly facts: FactStore;
  readonly artifacts: ArtifactStore;
  readonly remotes: Remotes;
  readonly mirrors: Mirrors;
  readonly pool: AnalysisPool;
  readonly vault: Vault;
  readonly remoteTimeoutMs: number;
  readonly now: () => Date;
}

/** How a harvest speaks to the job that it is. Every write fails when the job is not this process's any more. */
export interface JobRun {
  readonly job: JobEntity;
  /** Aborted when the job was cancelled, taken over, or the service stops. */
  readonly signal: AbortSignal;
  /** Enters a stage, together with whatever else is to be written then. */
  enter(stage: StageName, change?: Partial<JobEntity>, also?: (unit: UnitOfWork) => Promise<void>): Promise<void>;
  progress(done: number, total: number): void;
  /** Ends the job as completed, together with what it brought. */
  complete(change: Partial<JobEntity>, also: (unit: UnitOfWork, durations: Durations) => Promise<void>): Promise<void>;
}

/** What was learned about a snapshot. */
interface Learned {
  readonly files: readonly ScannedFile[];
  readonly facts: ReadonlyMap<string, Fact>;
  readonly counts: Counts;
  readonly languages: readonly LanguageShare[];
}

/** Full analysis; nothing stood in its way. */
const TIER = { tier: 2 as const, tierReasons: [] };

/** Harvests the newest commit of a job's repository. Facts are kept as they come, so that another attempt goes on where this one ended. */
export const harvest = (deps: HarvestDeps) => async (run: JobRun): Promise<Counts> => {
  const repository = await deps.repositories.get(run.job.repositoryId);
  const snapshot = await fetchNewest(deps, repository, run.signal);
  await run.enter('scanning', { commit: snapshot.commit }, (unit) => noteHead(deps, unit, repository, snapshot));

  const files = await listFiles(deps, repository, snapshot, run.signal);
  const known = await deps.facts.known(repository.tenant, files.flatMap(({ wants }) => wants ?? []));
  const missing = unread(files, known);
  const changes = await changesSince(deps, repository, snapshot, run.signal);
  run.progress(0, missing.length);

  await run.enter('parsing');
  await read(deps, repository, known, missing, run);

  await run.enter('storing');
  const learned = { files, facts: known, counts: countFiles(files, known, missing), languages: languageStatistics(files) };
  const pack = await pressPack(repository, snapshot, learned);
  run.signal.throwIfAborted();
  await complete(deps, run, { repository, snapshot, learned, pack, changes });
  await deps.mirrors.keep(repository.repositoryId, snapshot.commit);
  return learned.counts;
};

async function fetchNewest(deps: HarvestDeps, repository: RepositoryEntity, signal: AbortSignal): Promise<Snapshot> {
  const remote = remoteOf(repository, deps.vault);
  const head = await deps.remotes.head(remote, { timeoutMs: deps.remoteTimeoutMs, signal });
  return deps.mirrors.fetch(repository.repositoryId, remote, head, signal);
}

/** The head may have moved since the last poll. A poll that came in between has seen the same, or something newer. */
async function noteHead(deps: HarvestDeps, unit: UnitOfWork, { repositoryId, headCommit: before }: RepositoryEntity, { ref, commit }: Snapshot): Promise<void> {
  const repository = await deps.repositories.lock(unit.manager, repositoryId);
  if (repository?.headCommit !== before || before === commit) return;
  const seenAt = deps.now();
  await deps.repositories.moveHead(unit.manager, repositoryId, { ref, commit }, seenAt);
  unit.announce({ type: 'repository.head-moved.v1', key: repositoryId, data: { repositoryId, ref, before, commit, seenAt: seenAt.toISOString() } });
}

async function listFiles({ mirrors }: HarvestDeps, { repositoryId }: RepositoryEntity, { commit }: Snapshot, signal: AbortSignal): Promise<ScannedFile[]> {
  const files: ScannedFile[] = [];
  for await (const entries of mirrors.tree(repositoryId, commit, signal)) for (const entry of entries) files.push(scan(entry));
  return files;
}

/** Null on the first harvest, and when the mirror was made anew since the last. */
async function changesSince({ mirrors }: HarvestDeps, { repositoryId, harvestedCommit: base }: RepositoryEntity, { commit }: Snapshot, signal: AbortSignal): Promise<Artifact | null> {
  if (base === null || !(await mirrors.has(repositoryId, base, signal))) return null;
  const changes: Change[] = [];
  if (base !== commit) for await (const chunk of mirrors.changes(repositoryId, base, commit, signal)) for (const change of chunk) changes.push(change);
  return pressArtifact(CHANGES_MEDIA_TYPE, changesText(base, commit, changes));
}

/** Reads what is missing, keeps it, and adds it to what is known. */
async function read(deps: HarvestDeps, { repositoryId, tenant }: RepositoryEntity, known: Map<string, Fact>, missing: readonly Unread[], run: JobRun): Promise<void> {
  let done = 0;
  const reading = deps.pool.analyse({
    gitDir: deps.mirrors.gitDir(repositoryId),
    units: missing.map(({ key, text, bytes }) => ({ key, text, bytes, blob: key.blob, extractor: key.extractor, pathClass: key.pathClass })),
    signal: run.signal,
    deliver: async (batch) => {
      await deps.facts.save(tenant, batch.map(({ unit, fact }) => ({ key: unit.key, fact })));
      for (const { unit, fact } of batch) known.set(unit.text, fact);
      done += batch.length;
      run.progress(done, missing.length);
    },
  });
  await reading.catch(async (error: unknown) => {
    // Another attempt fetches it anew.
    if (isFault(error) && error.code === 'object-missing') await deps.mirrors.remove(repositoryId);
    throw error;
  });
}

function pressPack({ repositoryId, name }: RepositoryEntity, { commit, ref }: Snapshot, { files, facts, languages }: Learned): Promise<Artifact> {
  return pressArtifact(FACTS_MEDIA_TYPE, factPackText({ repositoryId, name, commit, ref, ...TIER, files, facts, languages }));
}

interface Result {
  readonly repository: RepositoryEntity;
  readonly snapshot: Snapshot;
  readonly learned: Learned;
  readonly pack: Artifact;
  readonly changes: Artifact | null;
}

async function complete(deps: HarvestDeps, run: JobRun, result: Result): Promise<void> {
  const { repository, snapshot, learned, pack, changes } = result;
  const { tenant, repositoryId } = repository;
  await run.complete({ tier: TIER.tier, counts: learned.counts }, async (unit, durations) => {
    const now = deps.now();
    for (const artifact of [pack, changes]) if (artifact) await deps.artifacts.keep(unit.manager, tenant, artifact, now);
    await deps.repositories.saveHarvested(unit.manager, repositoryId, snapshot.commit);
    unit.announce({ type: 'harvest.completed.v1', key: repositoryId, data: completion(run.job, result, durations) });
  });
}

function completion({ jobId }: JobEntity, { repository, snapshot, learned, pack, changes }: Result, durations: Durations): HarvestCompletedV1Data {
  const { files: total, analysed, reused, skipped } = learned.counts;
  return {
    jobId,
    repositoryId: repository.repositoryId,
    name: repository.name,
    ref: snapshot.ref,
    commit: snapshot.commit,
    base: repository.harvestedCommit,
    committedAt: snapshot.committedAt.toISOString(),
    facts: refOf(pack),
    changes: changes && refOf(changes),
    tier: TIER.tier,
    tierReasons: [...TIER.tierReasons],
    files: { total, analysed, reused, skipped },
    languages: [...learned.languages],
    durations,
    tiers: [{ tier: 1, files: reused, durationMs: 0 }, { tier: 2, files: analysed, durationMs: durations.parseMs }],
    findings: { secrets: { high: 0, medium: 0, low: 0 }, personalData: { high: 0, medium: 0, low: 0 }, allowed: 0, aiCalls: 0 },
  };
}
