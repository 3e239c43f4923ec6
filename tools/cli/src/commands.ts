import { aiShow } from './ai/ai.handler';
import { doctor } from './doctor/doctor.handler';
import { eventsSearch, eventsShow, eventsTail, eventsTrace } from './events/events.handler';
import { graphCycles, graphDependents, graphShow } from './graph/graph.handler';
import { graphImpact, graphLinks, graphSearch, graphUsers, graphWhy } from './graph/questions.handler';
import { harvest } from './harvest/harvest.handler';
import { heldDiscard, heldList, heldRedrive, heldShow } from './held/held.handler';
import { jobsCancel, jobsList, jobsShow } from './jobs/jobs.handler';
import { outboxDiscard, outboxList, outboxRetry, outboxShow } from './outbox/outbox.handler';
import { reposAdd, reposList, reposRemove } from './repos/repos.handler';
import type { CommandSpec } from './shell/command';
import { secretsGate } from './secrets/gate.handler';
import { secretsAllow, secretsList, secretsRevoke } from './secrets/known.handler';
import { secretsScan } from './secrets/secrets.handler';
import { sbom } from './sbom/sbom.handler';
import { scan } from './scan/scan.handler';
import { status } from './status/status.handler';
import { up } from './up/up.handler';

/** Everything `granary` can do, in the order that --help and the README list it. */
export const commands: readonly CommandSpec[] = [
  up,
  status,
  doctor,
  harvest,
  scan,
  reposList,
  reposAdd,
  reposRemove,
  jobsList,
  jobsShow,
  jobsCancel,
  graphShow,
  graphDependents,
  graphCycles,
  graphWhy,
  graphImpact,
  graphSearch,
  graphUsers,
  graphLinks,
  sbom,
  eventsTail,
  eventsSearch,
  eventsShow,
  eventsTrace,
  heldList,
  heldShow,
  heldRedrive,
  heldDiscard,
  outboxList,
  outboxShow,
  outboxRetry,
  outboxDiscard,
  secretsList,
  secretsAllow,
  secretsRevoke,
  secretsGate,
  secretsScan,
  aiShow,
];

/** What the first words of two-word commands are about. */
export const groups: Readonly<Record<string, string>> = {
  repos: 'the repositories that Granary watches',
  jobs: 'harvest jobs',
  graph: 'the graphs of repositories',
  events: 'the event log',
  held: 'events that consumers could not handle',
  outbox: 'events that the stream refused',
  secrets: 'secrets and personal data in files and repositories',
  ai: 'how repositories use AI',
};
