import { factPackText, FACTS_MEDIA_TYPE } from '@granary/extract';
import { noteArtifacts } from '@granary/persistence';
import type { NewsDeps } from '../find/tell-news.handler';
import { newsOf, tellNews } from '../find/tell-news.handler';
import type { Snapshot } from '../mirror/mirror.client';
import type { FactStore } from '../store/fact.store';
import type { FindingEntity } from '../store/finding.entity';
import type { RepositoryEntity } from '../store/repository.entity';
import type { RepositoryStore } from '../store/repository.store';
import type { Artifact } from './artifact';
import { pressArtifact } from './artifact';
import type { JobRun } from './job-run';
import type { Learned } from './learn';
import { poisonIn } from './read-facts.handler';
import type { Result } from './tell';
import { blocking, completion, withheld } from './tell';

export interface ConcludeDeps extends NewsDeps {
  readonly repositories: RepositoryStore;
  readonly facts: FactStore;
  readonly now: () => Date;
}

export function pressPack({ repositoryId, name }: RepositoryEntity, { commit, ref, committedAt }: Snapshot, { files, facts, languages, found, tier, tierReasons }: Learned): Promise<Artifact> {
  return pressArtifact(FACTS_MEDIA_TYPE, factPackText({ repositoryId, name, commit, committedAt: committedAt.toISOString(), ref, tier, tierReasons: [...tierReasons], files, facts, languages, found }));
}

/**
 * Ends the job with everything that it brought. A commit that is withheld brings its findings and nothing else.
 * @param known every finding that the repository has or had
 */
export async function conclude(deps: ConcludeDeps, run: JobRun, state: 'completed' | 'blocked', result: Result, known: readonly FindingEntity[]): Promise<void> {
  const { repository, snapshot, learned, pack, changes } = result;
  const { tenant, repositoryId } = repository;
  const { counts, tier, files, facts, found, packages } = learned;
  const news = await newsOf(deps, repository, snapshot.commit, { known, found, files, packages });
  const repairAt = await deps.facts.repairAt(tenant, poisonIn(files, facts));
  const error = state === 'blocked' ? { stage: 'storing' as const, code: 'secrets-found', message: withheld(learned) } : null;
  await run.end(state, { tier, counts, error }, async (unit, durations) => {
    const now = deps.now();
    if (state === 'completed') {
      const artifacts = [pack, changes].filter((artifact) => artifact !== null);
      for (const artifact of artifacts) await deps.artifacts.keep(unit.manager, repository, artifact, now);
      // As the row says now: while the work went on, another move may have been seen.
      const { unharvestedSince } = await deps.repositories.get(tenant, repositoryId, unit.manager);
      await deps.repositories.saveHarvested(unit.manager, repositoryId, { commit: snapshot.commit, packDigest: pack.digest }, repairAt);
      const type = 'harvest.completed.v1';
      const id = unit.announce({ type, key: repositoryId, data: completion(run.job, result, durations, unharvestedSince) });
      await noteArtifacts(unit.manager, tenant, { type, id }, artifacts.map(({ digest }) => digest));
    } else {
      await deps.repositories.saveWithheld(unit.manager, repositoryId, snapshot.commit, repairAt);
      unit.announce({ type: 'harvest.blocked.v1', key: repositoryId, data: blocking(run.job, result) });
    }
    await tellNews(deps, unit, { repository, commit: snapshot.commit, jobId: run.job.jobId, counts: learned.findingCounts }, news, now);
  });
}
