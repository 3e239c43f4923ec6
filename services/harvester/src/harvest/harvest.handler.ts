import type { FindingCounts, HarvestBlockedV1Data, HarvestCompletedV1Data, LanguageShare } from '@granary/contracts';
import { acceptOwn, CHANGES_MEDIA_TYPE, changesText, countFiles, countFindings, factPackText, FACTS_MEDIA_TYPE, findingsOf, isModuleGraph, languageStatistics, requiredPackages, ruleSetOf, scan, tierOf, tiersOf, unread, withOwn } from '@granary/extract';
import type { Counts, Fact, Found, OwnArtifactFact, ScannedFile, SearchRules, TierShare, Unread } from '@granary/extract';
import { isFault } from '@granary/faults';
import type { Change } from '@granary/git';
import type { UnitOfWork } from '@granary/messaging';
import type { AnalysisPool } from '../analyse/pool.client';
import { asGate } from '../find/gate.handler';
import { newsOf, tellNews } from '../find/tell-news.handler';
import type { Mirrors, Snapshot } from '../mirror/mirror.client';
import type { Remotes } from '../mirror/remote.client';
import { remoteOf } from '../register/remote-of';
import type { Vault } from '../register/vault';
import type { AiUsageStore } from '../store/ai-usage.store';
import type { ArtifactStore } from '../store/artifact.store';
import type { FactStore } from '../store/fact.store';
import type { FindingStore } from '../store/finding.store';
import type { GateStore } from '../store/gate.store';
import type { JobEntity } from '../store/job.entity';
import type { RepositoryEntity } from '../store/repository.entity';
import type { RepositoryStore } from '../store/repository.store';
import { behindSince } from '../watch/behind-since';
import type { Artifact } from './artifact';
import { pressArtifact, refOf } from './artifact';
import type { Durations, StageName } from './stages';

export interface HarvestDeps {
  readonly repositories: RepositoryStore;
  readonly facts: FactStore;
  readonly artifacts: ArtifactStore;
  readonly remotes: Remotes;
  readonly mirrors: Mirrors;
  readonly pool: AnalysisPool;
  readonly vault: Vault;
  readonly findings: FindingStore;
  readonly usage: AiUsageStore;
  readonly gates: GateStore;
  /** The key of a tenant's hashes, in hexadecimal digits. */
  readonly keyOf: (tenant: string) => string;
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
  /** Ends the job, together with what it brought. */
  end(state: 'completed' | 'blocked', change: Partial<JobEntity>, also: (unit: UnitOfWork, durations: Durations) => Promise<void>): Promise<void>;
}

/** How a harvest ended. */
export interface Harvested {
  readonly state: 'completed' | 'blocked';
  readonly counts: Counts;
  readonly tiers: readonly TierShare[];
}

/** By what a harvest searches, and what somebody decided about findings. */
interface Gate {
  readonly mode: 'warn' | 'block';
  readonly rules: SearchRules;
  readonly ruleSet: string;
  /** Reasons of findings that may stay, by id. */
  readonly decisions: ReadonlyMap<string, string>;
}

/** What was learned about a snapshot. */
interface Learned {
  readonly files: readonly ScannedFile[];
  readonly facts: ReadonlyMap<string, Fact>;
  readonly counts: Counts;
  readonly tiers: readonly TierShare[];
  readonly tier: 1 | 2 | 3;
  readonly tierReasons: readonly string[];
  readonly languages: readonly LanguageShare[];
  readonly found: Found;
  readonly findingCounts: FindingCounts;
}

/** Harvests the newest commit of a job's repository. Facts are kept as they come, so that another attempt goes on where this one ended. */
export const harvest = (deps: HarvestDeps) => async (run: JobRun): Promise<Harvested> => {
  const repository = await deps.repositories.get(run.job.repositoryId);
  const snapshot = await fetchNewest(deps, repository, run.signal);
  await run.enter('scanning', { commit: snapshot.commit }, (unit) => noteHead(deps, unit, repository, snapshot));

  const gate = await gateOf(deps, repository);
  const scanned = await listFiles(deps, repository, snapshot, gate, run.signal);
  const changes = await changesSince(deps, repository, snapshot, run.signal);
  const reading = new Reading(deps, repository, gate, run);
  await reading.know(scanned);
  run.progress(0, reading.missing(scanned).length);

  await run.enter('parsing');
  const { files, remarks } = await withOwnArtifacts(reading, scanned, gate);
  await reading.read(files);

  await run.enter('storing');
  const learned = learn(reading, files, remarks, gate);
  const pack = await pressPack(repository, snapshot, learned);
  run.signal.throwIfAborted();
  const result = { repository, snapshot, learned, pack, changes };
  const state = gate.mode === 'block' && learned.findingCounts.secrets.high > 0 ? 'blocked' : 'completed';
  await conclude(deps, run, state, result);
  if (state === 'completed') await deps.mirrors.keep(repository.repositoryId, snapshot.commit);
  return { state, counts: learned.counts, tiers: learned.tiers };
};

async function gateOf({ gates, findings, keyOf }: HarvestDeps, { tenant, repositoryId }: RepositoryEntity): Promise<Gate> {
  const { mode, rules: custom } = asGate(await gates.of(tenant));
  const known = await findings.of(repositoryId);
  const decisions = new Map(known.flatMap(({ findingId, decisionReason }) => (decisionReason === null ? [] : [[findingId, decisionReason] as const])));
  return { mode, rules: { key: keyOf(tenant), custom }, ruleSet: ruleSetOf(custom), decisions };
}

/** Takes from the repository's own module graph what is proven to be fresh; the rest is read by us. */
async function withOwnArtifacts(reading: Reading, scanned: readonly ScannedFile[], { ruleSet }: Gate): Promise<{ files: readonly ScannedFile[]; remarks: readonly string[] }> {
  const artifact = scanned.find(({ wants }) => wants !== null && isModuleGraph(wants.key));
  if (artifact?.wants == null) return { files: scanned, remarks: [] };
  await reading.read([artifact]);
  const fact = reading.facts.get(artifact.wants.text);
  if (fact?.state !== 'analysed') return { files: scanned, remarks: [`${artifact.path} could not be read`] };
  const { modules, remarks } = acceptOwn(artifact.path, JSON.parse(fact.body) as OwnArtifactFact, scanned);
  const files = scanned.map((file) => {
    const own = modules.get(file.path);
    return own === undefined ? file : withOwn(file, own, ruleSet);
  });
  await reading.know(files);
  return { files, remarks };
}

function learn({ facts, micros }: Reading, files: readonly ScannedFile[], remarks: readonly string[], { decisions }: Gate): Learned {
  const found = findingsOf(files, facts, decisions);
  const { tier, reasons } = tierOf(files, facts);
  return {
    files,
    facts,
    counts: countFiles(files, facts, micros),
    tiers: tiersOf(files, facts, micros),
    tier,
    tierReasons: [...reasons, ...remarks, ...found.remarks].map((reason) => reason.slice(0, 512)).slice(0, 100),
    languages: languageStatistics(files),
    found,
    findingCounts: countFindings(found),
  };
}

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
  await deps.repositories.moveHead(unit.manager, repositoryId, { ref, commit }, seenAt, behindSince(repository, commit, seenAt));
  unit.announce({ type: 'repository.head-moved.v1', key: repositoryId, data: { repositoryId, ref, before, commit, seenAt: seenAt.toISOString() } });
}

async function listFiles({ mirrors }: HarvestDeps, { repositoryId }: RepositoryEntity, { commit }: Snapshot, { ruleSet }: Gate, signal: AbortSignal): Promise<ScannedFile[]> {
  const files: ScannedFile[] = [];
  for await (const entries of mirrors.tree(repositoryId, commit, signal)) for (const entry of entries) files.push(scan(entry, ruleSet));
  return files;
}

/** Null on the first harvest, and when the mirror was made anew since the last. */
async function changesSince({ mirrors }: HarvestDeps, { repositoryId, harvestedCommit: base }: RepositoryEntity, { commit }: Snapshot, signal: AbortSignal): Promise<Artifact | null> {
  if (base === null || !(await mirrors.has(repositoryId, base, signal))) return null;
  const changes: Change[] = [];
  if (base !== commit) for await (const chunk of mirrors.changes(repositoryId, base, commit, signal)) for (const change of chunk) changes.push(change);
  return pressArtifact(CHANGES_MEDIA_TYPE, changesText(base, commit, changes));
}

/** What is known of a snapshot's blobs, and the reading of what is not. */
class Reading {
  readonly facts = new Map<string, Fact>();
  /** Time spent on each fact that was read now, by `keyText`. */
  readonly micros = new Map<string, number>();

  constructor(
    private readonly deps: HarvestDeps,
    private readonly repository: RepositoryEntity,
    private readonly gate: Gate,
    private readonly run: JobRun,
  ) {}

  /** Looks up what is kept of these files. */
  async know(files: readonly ScannedFile[]): Promise<void> {
    const wants = files.flatMap(({ wants: wanted }) => (wanted === null || this.facts.has(wanted.text) ? [] : wanted));
    for (const [text, fact] of await this.deps.facts.known(this.repository.tenant, wants)) this.facts.set(text, fact);
  }

  missing(files: readonly ScannedFile[]): Unread[] {
    return unread(files, this.facts);
  }

  /** Reads what is missing, keeps it, and adds it to what is known. */
  async read(files: readonly ScannedFile[]): Promise<void> {
    const { deps, repository: { repositoryId, tenant }, gate, run } = this;
    const missing = this.missing(files);
    let done = 0;
    const reading = deps.pool.analyse({
      gitDir: deps.mirrors.gitDir(repositoryId),
      rules: gate.rules,
      units: missing.map(({ key, text, bytes }) => ({ key, text, bytes, blob: key.blob, extractor: key.extractor, pathClass: key.pathClass })),
      signal: run.signal,
      deliver: async (batch) => {
        await deps.facts.save(tenant, batch.map(({ unit, fact }) => ({ key: unit.key, fact })));
        for (const { unit, fact, micros } of batch) {
          this.facts.set(unit.text, fact);
          this.micros.set(unit.text, micros);
        }
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
}

function pressPack({ repositoryId, name }: RepositoryEntity, { commit, ref, committedAt }: Snapshot, { files, facts, languages, found, tier, tierReasons }: Learned): Promise<Artifact> {
  return pressArtifact(FACTS_MEDIA_TYPE, factPackText({ repositoryId, name, commit, committedAt: committedAt.toISOString(), ref, tier, tierReasons: [...tierReasons], files, facts, languages, found }));
}

interface Result {
  readonly repository: RepositoryEntity;
  readonly snapshot: Snapshot;
  readonly learned: Learned;
  readonly pack: Artifact;
  readonly changes: Artifact | null;
}

/** Ends the job with everything that it brought. A commit that is withheld brings its findings and nothing else. */
async function conclude(deps: HarvestDeps, run: JobRun, state: Harvested['state'], result: Result): Promise<void> {
  const { repository, snapshot, learned, pack, changes } = result;
  const { tenant, repositoryId } = repository;
  const { counts, tier } = learned;
  const news = await newsOf(deps, repository, snapshot.commit, { found: learned.found, files: learned.files, packages: requiredPackages(learned.files, learned.facts) });
  const repairAt = await deps.facts.repairAt(tenant, poisonIn(learned));
  const error = state === 'blocked' ? { stage: 'storing' as const, code: 'secrets-found', message: withheld(learned) } : null;
  await run.end(state, { tier, counts, error }, async (unit, durations) => {
    const now = deps.now();
    if (state === 'completed') {
      for (const artifact of [pack, changes]) if (artifact) await deps.artifacts.keep(unit.manager, tenant, artifact, now);
      await deps.repositories.saveHarvested(unit.manager, repositoryId, snapshot.commit, repairAt);
      unit.announce({ type: 'harvest.completed.v1', key: repositoryId, data: completion(run.job, result, durations) });
    } else {
      unit.announce({ type: 'harvest.blocked.v1', key: repositoryId, data: blocking(run.job, result) });
    }
    await tellNews(deps, unit, { repository, commit: snapshot.commit, jobId: run.job.jobId, counts: learned.findingCounts }, news, now);
  });
}

/** The blobs that ended workers. */
function poisonIn({ files, facts }: Learned): string[] {
  return files.flatMap(({ blob, wants }) => {
    const fact = wants && facts.get(wants.text);
    const why = fact?.state === 'analysed' ? fact.light : fact?.reason;
    return why === 'crashed' || why === 'timed-out' ? [blob] : [];
  });
}

function withheld({ found, findingCounts }: Learned): string {
  const { high } = findingCounts.secrets;
  const [first, ...others] = pathsOfHigh(found);
  const where = others.length === 0 ? first : `${first} and ${others.length} more files`;
  return `${high} ${high === 1 ? 'secret' : 'secrets'} of high severity in ${where}: the commit was withheld and the graph stays as it was. Change the secret and remove it from the file, or let it stay with 'granary secrets allow'`;
}

const pathsOfHigh = ({ findings }: Found): string[] => [...new Set(findings.flatMap(({ kind, severity, allowed, path }) => (kind === 'secret' && severity === 'high' && allowed === null ? [path] : [])))];

function blocking({ jobId }: JobEntity, { repository: { repositoryId }, snapshot: { commit, ref }, learned }: Result): HarvestBlockedV1Data {
  return { jobId, repositoryId, commit, ref, counts: learned.findingCounts, paths: pathsOfHigh(learned.found).slice(0, 20), message: withheld(learned) };
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
    tier: learned.tier,
    tierReasons: [...learned.tierReasons],
    files: { total, analysed, reused, skipped },
    languages: [...learned.languages],
    durations,
    tiers: [...learned.tiers],
    findings: learned.findingCounts,
  };
}
