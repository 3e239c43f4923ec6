import type { NormalizerGraphSummaryResponse, RpcShapes } from '@granary/contracts';
import { Fault } from '@granary/faults';
import type { RpcContext } from '@granary/messaging';
import type { Compute } from '../compute/compute.client';
import { GRAPH_MEDIA_TYPE } from '../normalize/produce';
import type { ArtifactStore } from '../store/artifact.store';
import type { GraphEntity } from '../store/graph.entity';
import type { GraphStore } from '../store/graph.store';
import { findVisible, type Caller } from './find-visible.handler';
import { dependentsOf, why, type GraphIndex } from '@granary/graph';
import type { Artifact } from '../artifact/artifact';
import type { Recent } from './recent';

export interface QueryDeps {
  graphs: GraphStore;
  artifacts: ArtifactStore;
  compute: Compute;
  indexes: Recent<GraphIndex>;
}

type Query<O extends keyof RpcShapes> = (request: RpcShapes[O]['request'], context: RpcContext) => Promise<RpcShapes[O]['response']>;

/** The newest graph of a repository in figures, or that of a commit. */
export const summaryHandler = (deps: QueryDeps): Query<'normalizer.graph.summary'> => async ({ repository, commit }, caller) => {
  return summaryOf(await graphFor(deps, caller, repository, commit ?? null));
};

export const dependentsHandler = (deps: QueryDeps): Query<'normalizer.graph.dependents'> => async ({ repository, target, transitive }, caller) => {
  const index = await indexFor(deps, caller, repository);
  return bounded(dependentsOf(index, target, transitive ?? false), 'ask for the direct dependents only, or read the graph itself with `granary graph show`');
};

export const cyclesHandler = (deps: QueryDeps): Query<'normalizer.graph.cycles'> => async ({ repository }, caller) => {
  const { cycles } = await indexFor(deps, caller, repository);
  return bounded({ cycles: cycles.map((cycle) => [...cycle]) }, 'read the graph itself with `granary graph show`');
};

/** The shortest way on which a module depends on a module or a package. */
export const whyHandler = (deps: QueryDeps): Query<'normalizer.graph.why'> => async ({ repository, from, to }, caller) => why(await indexFor(deps, caller, repository), from, to);

/** What differs between two commits, and everything that depends on it. */
export const impactHandler = (deps: QueryDeps): Query<'normalizer.graph.impact'> => async ({ repository, from, to }, caller) => {
  const [before, after] = [await graphFor(deps, caller, repository, from), await graphFor(deps, caller, repository, to ?? null)];
  const [old, now] = [await artifactOf(deps, caller.tenant, before), await artifactOf(deps, caller.tenant, after)];
  const impact = await deps.compute.run('impact', { before: old, after: now });
  return bounded({ repositoryId: after.repositoryId, name: after.name, from: before.commit, to: after.commit, ...impact }, 'choose commits that lie closer together');
};

function summaryOf(graph: GraphEntity): NormalizerGraphSummaryResponse {
  const { repositoryId, name, commit, hash, bytes, tier, counts, completeness, languages, normalizedAt } = graph;
  return {
    repositoryId, name, commit, counts, languages,
    graphHash: hash,
    graph: { digest: hash, bytes, mediaType: GRAPH_MEDIA_TYPE },
    completeness: { tier, ...completeness },
    normalizedAt: normalizedAt.toISOString(),
  };
}

async function indexFor(deps: QueryDeps, caller: Caller, selector: string): Promise<GraphIndex> {
  const { tenant } = caller;
  const graph = await graphFor(deps, caller, selector, null);
  return deps.indexes.get(`${tenant} ${graph.hash}`, async () => deps.compute.run('index', await artifactOf(deps, tenant, graph)));
}

async function artifactOf({ artifacts }: QueryDeps, tenant: string, { hash, name, commit }: GraphEntity): Promise<Artifact> {
  const artifact = await artifacts.find(tenant, hash);
  if (artifact !== null) return artifact;
  throw Fault.permanent('not-found', `the graph of ${name} at ${commit} is no longer stored; harvest it again with \`granary harvest ${name}\``);
}

async function graphFor({ graphs }: QueryDeps, caller: Caller, selector: string, commit: string | null): Promise<GraphEntity> {
  const { tenant } = caller;
  const repository = await findVisible(graphs, caller, selector);
  const graph = repository === null || repository.headJobId === null
    ? null
    : await (commit === null ? graphs.findByJob(tenant, repository.headJobId) : graphs.findByCommit(tenant, repository.repositoryId, commit));
  if (graph !== null) return graph;
  const what = commit === null ? 'no graph yet' : `no graph of commit ${commit} yet`;
  throw Fault.permanent('not-found', `repository ${selector} has ${what}; see \`granary jobs list --repository ${selector}\``);
}

// The broker carries at most 1 MiB a message.
const MAX_ANSWER_BYTES = 1_000_000;

function bounded<R>(answer: R, help: string): R {
  const bytes = Buffer.byteLength(JSON.stringify(answer));
  if (bytes > MAX_ANSWER_BYTES) throw Fault.permanent('answer-too-large', `the answer has ${bytes} bytes, more than one message carries; ${help}`);
  return answer;
}
