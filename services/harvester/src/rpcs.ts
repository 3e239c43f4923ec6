import { serve } from '@granary/messaging';
import type { RpcHandler } from '@granary/messaging';
import type { RegisterDeps } from './register/register.handler';
import { addRepository, listRepositories, removeRepository } from './register/register.handler';
import { readArtifact } from './serve-artifacts/serve-artifacts.handler';
import type { ArtifactStore } from './store/artifact.store';
import type { TrackDeps } from './track/track.handler';
import { cancelJobNow, listJobs, requestNow, showJob } from './track/track.handler';

/** Everything that the harvester answers, as a table. */
export const rpcs = (deps: RegisterDeps & TrackDeps & { artifacts: ArtifactStore }): RpcHandler[] => [
  serve('harvester.repository.add', addRepository(deps)),
  serve('harvester.repository.list', listRepositories(deps)),
  serve('harvester.repository.remove', removeRepository(deps)),
  serve('harvester.harvest.request', requestNow(deps)),
  serve('harvester.job.list', listJobs(deps)),
  serve('harvester.job.show', showJob(deps)),
  serve('harvester.job.cancel', cancelJobNow(deps)),
  serve('harvester.artifact.read', readArtifact(deps)),
];
