import { about, type Check } from './check';
import { answers, type Evidence, healthCheckOf, type RunningEvidence } from './evidence';
import { checkBackups, checkFreshness, checkRemotes } from './estate';
import { checkFlow } from './flow';
import { logHint } from './log-hint';
import { checkClock, checkDisk, checkGit, checkMemory } from './machine';
import { checkBroker, checkCertificates, checkDatabase, checkPlatform, checkProcesses } from './servers';
import { checkBuilds, checkMigrations, checkRestarts, checkServices } from './services';

const NEEDS_PLATFORM = [
  'processes', 'broker', 'database', 'certificates', 'services', 'restarts', 'builds', 'migrations', 'relays', 'outboxes', 'refused events', 'consumers', 'lag', 'held events', 'event log', 'log proof',
  'remotes', 'freshness', 'backups',
] as const;

/** Everything that was looked at, judged; in the order in which one trouble leads to another. @param own the version of this command */
export function diagnose(evidence: Evidence, own: string): Check[] {
  const { git, disk, memory, now, limits, place, platform } = evidence;
  const services = platform?.services ?? [];
  const machine = [checkDisk(disk, services, limits), checkMemory(memory, services), checkClock(now, platform, limits)];
  const running = platform === null ? NEEDS_PLATFORM.map((name) => about({ name, why: '', runbook: null }).skipped('Granary is not running')) : checkRunning(evidence, platform, own);
  return [...machine, checkGit(git), checkPlatform(place), ...running];
}

function checkRunning(evidence: Evidence, platform: RunningEvidence, own: string): Check[] {
  const { now, place } = evidence;
  const { services } = platform;
  const logs = logHint(place);
  const silent = silentServers(platform);
  const [natsUrl, databaseUrl] = [place.platform?.nats.url ?? '', place.platform?.database.url ?? ''];
  const checks = [
    checkProcesses(platform.processes, logs),
    checkBroker(platform.broker, platform.monitor, natsUrl, logs),
    checkDatabase(platform.database, services, databaseUrl, logs),
    checkCertificates(now, services, [natsUrl, databaseUrl]),
    checkServices(services, logs),
    checkRestarts(services, logs),
    checkBuilds(services, own),
    checkMigrations(services),
    ...checkFlow(evidence, platform),
    checkRemotes(platform.repositories),
    checkFreshness(services, platform.repositories, now),
    checkBackups(services),
  ];
  return checks.map((check) => withoutHearsay(check, silent));
}

type Server = 'broker' | 'database';

/** Of which servers services only know what they heard before. */
function silentServers({ broker, monitor, database, services }: RunningEvidence): Server[] {
  const judging = services.filter((service) => answers(service) && healthCheckOf(service, 'database') !== null);
  const isLost = judging.length > 0 && judging.every((service) => healthCheckOf(service, 'database')?.['state'] === 'unhealthy');
  return [...(broker.state === 'failed' && monitor?.state !== 'answered' ? (['broker'] as const) : []), ...(database?.state === 'failed' || isLost ? (['database'] as const) : [])];
}

/** Whose answers a check goes by. */
const HEARD_FROM: Readonly<Record<string, readonly Server[]>> = {
  relays: ['database'], outboxes: ['database'], 'refused events': ['database'], 'held events': ['database'], freshness: ['database'],
  lag: ['broker'], 'event log': ['broker', 'database'], 'log proof': ['broker', 'database'],
};

/** Figures of a server that does not answer are those of when it last did: what was right then is not known now. */
function withoutHearsay(check: Check, silent: readonly Server[]): Check {
  const gone = HEARD_FROM[check.name]?.find((server) => silent.includes(server));
  return check.state !== 'ok' || gone === undefined ? check : about({ name: check.name, why: '', runbook: null }).unknown(`the ${gone} does not answer; before it was: ${check.finding}`);
}
