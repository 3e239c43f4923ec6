import { CHANGES_MEDIA_TYPE, changesText } from '@granary/extract';
import type { SearchRules } from '@granary/extract';
import { asGate } from '../find/gate.handler';
import { noteInSpan } from '@granary/observability';
import type { FindingEntity } from '../store/finding.entity';
import type { GateStore } from '../store/gate.store';
import type { RepositoryEntity } from '../store/repository.entity';
import type { Artifact } from './artifact';
import { pressArtifact } from './artifact';
import type { ConcludeDeps } from './conclude.handler';
import { conclude, pressPack } from './conclude.handler';
import type { FetchDeps } from './fetch-newest.handler';
import { fetchNewest, noteHead } from './fetch-newest.handler';
import type { Harvested, JobRun } from './job-run';
import type { KnownSnapshots } from './known';
import type { Decisions } from './learn';
import { learn } from './learn';
import type { Listed } from './list-files.handler';
import { listFiles } from './list-files.handler';
import type { ReadDeps } from './read-facts.handler';
import { startReading } from './read-facts.handler';

export interface HarvestDeps extends FetchDeps, ReadDeps, ConcludeDeps {
  readonly gates: GateStore;
  /** Snapshots that re-harvests go on from. */
  readonly known: KnownSnapshots;
  /** The key of a tenant's hashes, in hexadecimal digits. */
  readonly keyOf: (tenant: string) => string;
  /** What the rules of a tenant and the built-in ones are called together. */
  readonly ruleSetOf: (custom: SearchRules['custom']) => string;
}

/** Harvests the newest commit of a job's repository. Facts are kept as they come, so that another attempt goes on where this one ended. */
export const harvest = (deps: HarvestDeps) => async (run: JobRun): Promise<Harvested> => {
  const { signal } = run;
  const repository = await deps.repositories.get(run.job.tenant, run.job.repositoryId);
  const { repositoryId, harvestedCommit: base } = repository;
  // A worker takes as long to start as a fetch; one of a commit that is known already is seldom needed.
  if (repository.headCommit !== base) deps.pool.prepare((await searchRulesOf(deps, repository)).rules);
  const snapshot = await fetchNewest(deps, repository, run);
  const { commit } = snapshot;
  await run.enter('scanning', { commit }, (unit) => noteHead(deps, unit, repository, snapshot));

  const gate = await gateOf(deps, repository);
  // Who asks for the commit harvested last wants everything looked up again.
  const known = commit === base ? null : deps.known.of(repositoryId, base, gate.ruleSet);
  const listed = await listFiles(deps.mirrors, { repositoryId, commit, base, ruleSet: gate.ruleSet, known }, signal);
  const reading = startReading(deps, repository, gate, known?.facts ?? new Map(), run);
  run.progress(0, await reading.know(listed.files));

  await run.enter('parsing');
  const { files, remarks } = await reading.readOwnGraph(listed.files);
  await reading.read(files);

  await run.enter('storing');
  const notes = known?.notes ?? new WeakMap();
  const { facts, micros } = reading;
  const learned = await learn({ files, facts, micros, remarks, decisions: gate.decisions, notes });
  const state = gate.mode === 'block' && learned.findingCounts.secrets.high > 0 ? 'blocked' : 'completed';
  const [pack, changes] = await Promise.all([
    pressPack(repository, snapshot, learned),
    pressChanges(repository, commit, listed),
    state === 'completed' ? deps.mirrors.keep(repositoryId, commit) : undefined,
  ]);
  signal.throwIfAborted();
  await conclude(deps, run, state, { repository, snapshot, learned, pack, changes }, gate.findings);
  noteInSpan(() => ({
    'granary.harvest.state': state, 'granary.commit': commit, 'granary.input.files': files.length, 'granary.input.bytes': files.reduce((sum, { bytes }) => sum + bytes, 0),
    'granary.analysed.files': learned.counts.analysed, 'granary.output.bytes': pack.bytes, 'granary.output.imports': learned.counts.imports,
  }));
  if (state === 'completed' && listed.canBeFollowed) deps.known.keep(repositoryId, { commit, ruleSet: gate.ruleSet, files: listed.files, facts, notes });
  return { state, counts: learned.counts, tiers: learned.tiers };
};

/** By what a harvest searches, and what somebody decided about findings. */
interface Gate {
  readonly mode: 'warn' | 'block';
  readonly rules: SearchRules;
  readonly ruleSet: string;
  /** Every finding that the repository has or had. */
  readonly findings: readonly FindingEntity[];
  readonly decisions: Decisions;
}

async function gateOf(deps: HarvestDeps, repository: RepositoryEntity): Promise<Gate> {
  const [{ mode, rules }, findings] = await Promise.all([searchRulesOf(deps, repository), deps.findings.of(repository.tenant, repository.repositoryId)]);
  const decisions = new Map(findings.flatMap(({ findingId, decisionReason }) => (decisionReason === null ? [] : [[findingId, decisionReason] as const])));
  return { mode, rules, ruleSet: deps.ruleSetOf(rules.custom), findings, decisions };
}

async function searchRulesOf({ gates, keyOf }: HarvestDeps, { tenant }: RepositoryEntity): Promise<Pick<Gate, 'mode' | 'rules'>> {
  const { mode, rules: custom } = asGate(await gates.of(tenant));
  return { mode, rules: { key: keyOf(tenant), custom } };
}

async function pressChanges({ harvestedCommit: base }: RepositoryEntity, commit: string, { changes }: Listed): Promise<Artifact | null> {
  return base === null || changes === null ? null : pressArtifact(CHANGES_MEDIA_TYPE, changesText(base, commit, changes));
}
