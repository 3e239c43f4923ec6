import { setImmediate as othersTurn } from 'node:timers/promises';
import type { GraphNormalizedV1Data, HarvestCompletedV1Data } from '@granary/contracts';
import { Fault } from '@granary/faults';
import type { DeliveryContext, Handler, UnitOfWork } from '@granary/messaging';
import { noteInSpan, withInnerSpan } from '@granary/observability';
import type { Logger } from '@granary/observability';
import { noteArtifacts } from '@granary/persistence';
import { refOf, type Artifact } from '../artifact/artifact';
import type { Compute } from '../compute/compute.client';
import type { NormalizerMetrics } from '../metrics';
import type { ArtifactStore } from '../store/artifact.store';
import type { GraphEntity } from '../store/graph.entity';
import type { GraphStore, Head } from '../store/graph.store';
import type { NameStore } from '../store/name.store';
import type { FetchFacts } from './facts.client';
import type { Produced } from './produce';
import { isBack, standingOf, type Standing } from './standing';

export interface NormalizeDeps {
  fetchFacts: FetchFacts;
  compute: Compute;
  graphs: GraphStore;
  artifacts: ArtifactStore;
  names: NameStore;
  metrics: NormalizerMetrics;
  log: Logger;
  now: () => Date;
}

/** Turns the facts of a harvest into a graph: fetches and decides before the transaction, saves and announces in it. */
export const normalizeHandler = (deps: NormalizeDeps): Handler<'harvest.completed.v1'> => async (event, context) => {
  const { tenantid: tenant, correlationid: correlationId, data: harvest } = event;
  const begun = performance.now();
  const head = await deps.graphs.head(tenant, harvest.repositoryId);
  const standing = standingOf(harvest, head);

  const [facts, previous, hasNames] = await Promise.all([
    timed(deps, 'fetch', () => deps.fetchFacts(harvest.facts, { tenant, correlationId, signal: context.signal })),
    standing === 'newer' && head !== null ? deps.artifacts.find(tenant, head.hash) : null,
    deps.names.knows(tenant, harvest.repositoryId),
  ]);
  context.working();
  const namesKnown = previous !== null && hasNames;
  const produced = await timed(deps, 'compute', () => keepWorking(context, deps.compute.run('produce', { facts, previous, namesKnown })));

  if (previous !== null && produced.changes.as === 'first') deps.log.warn({ repositoryId: harvest.repositoryId, digest: previous.digest }, 'the graph before is damaged, so what changed since is not told');

  const outcome: Outcome = { tenant, harvest, head, standing, produced, durationMs: Math.round(performance.now() - begun), replay: context.replay };
  const applied = await timed(deps, 'save', () => context.once((unit) => save(deps, unit, outcome)));
  noteInSpan(() => ({ 'granary.repository.id': harvest.repositoryId, 'granary.input.bytes': facts.bytes, 'granary.output.bytes': produced.graph.bytes, 'granary.output.changes': changeCountOf(produced) ?? 0, 'granary.graph.standing': standing, 'granary.applied': applied !== 'already-handled' }));
  if (applied === 'already-handled') return;
  deps.metrics.graph(standing, changeCountOf(produced) ?? 0);
  if (isVisible(outcome) && harvest.behindSince) deps.metrics.visible(Math.max(0, deps.now().getTime() - Date.parse(harvest.behindSince)));
  deps.log.info({ repositoryId: harvest.repositoryId, commit: harvest.commit, standing, ...produced.counts, changes: changeCountOf(produced), ms: outcome.durationMs }, 'graph normalized');
};

/** Whether the harvest brought something that people see from now on. */
const isVisible = ({ standing, replay }: Outcome): boolean => !replay && (standing === 'first' || standing === 'newer');

/** All that was decided before the transaction. */
interface Outcome {
  tenant: string;
  harvest: HarvestCompletedV1Data;
  head: Head | null;
  standing: Standing;
  produced: Produced;
  durationMs: number;
  replay: boolean;
}

async function save({ graphs, artifacts, names, now }: NormalizeDeps, unit: UnitOfWork, outcome: Outcome): Promise<void> {
  const { tenant, harvest, head, standing, produced } = outcome;
  const at = now();
  const { repositoryId, name } = harvest;
  const locked = await graphs.lockHead(unit.manager, { tenant, repositoryId, name });
  if (locked.head?.jobId !== head?.jobId || locked.head?.hash !== head?.hash) throw Fault.transient('head-moved', `another graph of ${name} was stored meanwhile; the difference is computed again`);

  for (const artifact of artifactsOf(produced)) await artifacts.keep(unit.manager, { tenant, repositoryId }, artifact, at);
  const graph = graphOf(outcome, at);
  await graphs.save(unit.manager, graph);
  if (standing === 'older') return;
  const removedAt = locked.removedAt !== null && isBack(harvest.jobId, locked.removedAt) ? null : locked.removedAt;
  await graphs.moveHead(unit.manager, graph, removedAt);
  await names.change(unit.manager, graph, produced.names);
  // A replay rebuilds what we keep; what it means was told to everybody the first time.
  if (isVisible(outcome)) await announce(unit, outcome);
}

const GRAPH_NORMALIZED = 'graph.normalized.v1';
// A thousand announcements are checked and written in about 30 ms: others get their turn in between.
const AT_A_TIME = 100;

async function announce(unit: UnitOfWork, outcome: Outcome): Promise<void> {
  const { harvest: { repositoryId: key }, produced: { changes } } = outcome;
  const subject = outcome.harvest.name;
  const id = unit.announce({ type: GRAPH_NORMALIZED, key, subject, data: normalizedOf(outcome) });
  await noteArtifacts(unit.manager, outcome.tenant, { type: GRAPH_NORMALIZED, id }, artifactsOf(outcome.produced).map(({ digest }) => digest));
  if (changes.as !== 'events') return;
  for (const [place, { type, data }] of changes.changes.entries()) {
    if (place % AT_A_TIME === AT_A_TIME - 1) await othersTurn();
    unit.announce({ type, key, subject, data });
  }
}

function normalizedOf({ harvest, head, produced, durationMs }: Outcome): GraphNormalizedV1Data {
  const { jobId, repositoryId, name, commit, tier } = harvest;
  return {
    jobId, repositoryId, name, commit, tier, durationMs,
    graphHash: produced.graph.digest,
    graph: refOf(produced.graph),
    previousHash: head?.hash ?? null,
    previousCommit: head?.commit ?? null,
    counts: produced.counts,
    changes: produced.changes.as === 'artifact' ? refOf(produced.changes.artifact) : null,
    changeCount: changeCountOf(produced),
  };
}

function graphOf({ tenant, harvest, produced }: Outcome, normalizedAt: Date): GraphEntity {
  const { jobId, repositoryId, name, commit, tier } = harvest;
  const { graph, counts, completeness, languages } = produced;
  return { tenant, jobId, repositoryId, name, commit, tier, hash: graph.digest, bytes: graph.bytes, counts, completeness, languages, normalizedAt };
}

function artifactsOf({ graph, changes }: Produced): Artifact[] {
  return changes.as === 'artifact' ? [graph, changes.artifact] : [graph];
}

function changeCountOf({ changes }: Produced): number | null {
  if (changes.as === 'first') return null;
  return changes.as === 'artifact' ? changes.count : changes.changes.length;
}

async function timed<R>({ metrics }: NormalizeDeps, stage: 'fetch' | 'compute' | 'save', work: () => Promise<R>): Promise<R> {
  const begun = performance.now();
  const result = await withInnerSpan(`normalize ${stage}`, () => ({}), work);
  metrics.seconds(stage, (performance.now() - begun) / 1_000);
  return result;
}

const BEAT_MS = 2_000;

/** The thread has a deadline of its own; until then the delivery stays ours. */
async function keepWorking<R>(context: DeliveryContext, work: Promise<R>): Promise<R> {
  const beat = setInterval(() => context.working(), BEAT_MS);
  try {
    return await work;
  } finally {
    clearInterval(beat);
  }
}
