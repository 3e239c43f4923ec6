import { cacheRpcs, serve } from '@granary/messaging';
import type { Lookups, RpcHandler, Shelf } from '@granary/messaging';
import type { FindingDeps } from './find/finding.handler';
import { allowFinding, listFindings, revokeFinding } from './find/finding.handler';
import type { GateDeps } from './find/gate.handler';
import { setGate, showGate } from './find/gate.handler';
import type { PostureDeps } from './find/posture.handler';
import { showPosture } from './find/posture.handler';
import type { RegisterDeps } from './register/register.handler';
import { addRepository, listRepositories, removeRepository } from './register/register.handler';
import { readArtifact } from './serve-artifacts/serve-artifacts.handler';
import type { ArtifactStore } from './store/artifact.store';
import type { TrackDeps } from './track/track.handler';
import { cancelJobNow, listJobs, requestAll, requestNow, showJob } from './track/track.handler';

/** Everything that the harvester answers, as a table. */
export const rpcs = (deps: RegisterDeps & TrackDeps & FindingDeps & GateDeps & PostureDeps & { artifacts: ArtifactStore; shelves: readonly Shelf[]; lookups: Lookups }): RpcHandler[] => [
  serve('harvester.repository.add', addRepository(deps)),
  serve('harvester.repository.list', listRepositories(deps)),
  serve('harvester.repository.remove', removeRepository(deps)),
  serve('harvester.harvest.request', requestNow(deps)),
  serve('harvester.harvest.request-all', requestAll(deps)),
  serve('harvester.job.list', listJobs(deps)),
  serve('harvester.job.show', showJob(deps)),
  serve('harvester.job.cancel', cancelJobNow(deps)),
  serve('harvester.finding.list', listFindings(deps)),
  serve('harvester.finding.allow', allowFinding(deps)),
  serve('harvester.finding.revoke', revokeFinding(deps)),
  serve('harvester.gate.show', showGate(deps)),
  serve('harvester.gate.set', setGate(deps)),
  serve('harvester.posture.show', showPosture(deps)),
  serve('harvester.artifact.read', readArtifact(deps)),
  serve('harvester.artifact.check', async ({ digests }, { tenant }) => ({ gone: await deps.artifacts.gone(tenant, digests) })),
  ...cacheRpcs('harvester', deps.shelves, deps.lookups),
];
