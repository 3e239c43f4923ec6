import { formatDuration, plural } from '../shell/format';
import { isWell } from '../status/service-report';
import { about, type Check } from './check';
import type { LogHint } from './log-hint';
import { answers, factsOf, healthCheckOf, listed, type ServiceVitals } from './evidence';

const services = about({ name: 'services', why: 'What these services do is late until they are back; events and announcements wait for them.', runbook: 'ServiceDown' });

export function checkServices(all: readonly ServiceVitals[], logs: LogHint): Check {
  const unwell = all.filter(({ report }) => !isWell(report));
  if (unwell.length === 0) return services.ok(`all ${all.length} are ready and healthy`);
  // One trouble of a server makes all services say the same.
  const groups = [...Map.groupBy(unwell, describe)].map(([what, those]) => `${listed(those.map(({ report }) => report.name))} ${those.length === 1 ? 'is' : 'are'} ${what}`);
  const finding = `${groups.join('; ')}.`;
  const advice = `See why with ${logs(unwell.slice(0, 3).map(({ report }) => report.name))}; \`granary status\` shows all side by side.`;
  if (unwell.every(({ report }) => report.health === 'degraded' && report.phase === 'ready')) return services.warn(finding, advice, { why: 'They do their work; something that they need now and then is missing.', runbook: 'ServiceNotReady' });
  return services.fail(finding, advice, unwell.every(answers) ? { runbook: 'ServiceNotReady' } : {});
}

function describe({ report: { health, phase, complaints }, status, lastError }: ServiceVitals): string {
  if (health === 'away') return `away: no answer${lastError ? `; last error in its log, ${lastError.time}: ${lastError.message}` : ''}`;
  const onPurpose = phase === 'draining' || phase === 'drained' ? ['on purpose, by `granary drain` or SIGUSR2; it works again once it is started again'] : [];
  const reasons = [...onPurpose, ...waitingFor(status), ...complaints.map(({ check, detail }) => `${check}: ${detail}`)];
  return `${phase ?? 'in no known phase'}, ${health}${reasons.length > 0 ? ` (${[...new Set(reasons)].join(', ')})` : ''}`;
}

function waitingFor(status: ServiceVitals['status']): string[] {
  const phase = status?.['phase'];
  const reasons = typeof phase === 'object' && phase !== null && 'waitingFor' in phase ? phase.waitingFor : [];
  return Array.isArray(reasons) ? reasons.map((reason) => `waits for ${String(reason)}`) : [];
}

const restarts = about({ name: 'restarts', why: 'Each crash stops what the service was doing for some seconds; events at work then are handled again.', runbook: 'RestartLoop' });

const LOOP = 3;
const RECENT_S = 120;
const LONG_S = 3_600;

/** What supervises the processes of this machine counts; elsewhere only the time since the start is known. */
export function checkRestarts(all: readonly ServiceVitals[], logs: LogHint): Check {
  const crashed = all.filter(({ report }) => report.restarts > 0);
  const looping = crashed.filter(({ report }) => report.restarts >= LOOP && (report.uptimeSeconds ?? 0) < RECENT_S);
  const told = (those: readonly ServiceVitals[]) => `${those.map(describeRestarts).join('; ')}.`;
  const advice = `The reason stands before the last line "service starting": ${logs(crashed.slice(0, 3).map(({ report }) => report.name))}. Without an error there it was killed, which \`journalctl -k | tail\` tells of.`;
  if (looping.length > 0) return restarts.fail(`Started again and again: ${told(looping)}`, advice, { why: 'The service never gets to its work: whatever it owns stands still.' });
  const lately = crashed.filter(({ report }) => (report.uptimeSeconds ?? 0) < LONG_S);
  if (lately.length > 0) return restarts.warn(`Started again after a crash: ${told(lately)}`, advice);
  const fresh = freshly(all);
  if (fresh.length > 0) return restarts.warn(`Started long after the others, which may have been a crash: ${told(fresh)}`, 'Ask what supervises them how often it did so, for instance `docker compose ps` or `kubectl get pods`.');
  return restarts.ok(crashed.length === 0 ? 'none since the start' : `none for an hour; before that ${told(crashed).slice(0, -1)}`);
}

const describeRestarts = ({ report, lastError }: ServiceVitals): string =>
  `${report.name}${report.restarts > 0 ? ` ${plural(report.restarts, 'time')}` : ''}${report.uptimeSeconds === null ? '' : `, up for ${formatDuration(report.uptimeSeconds * 1000)}`}${lastError ? ` (last error: ${lastError.message})` : ''}`;

function freshly(all: readonly ServiceVitals[]): ServiceVitals[] {
  const oldest = Math.max(0, ...all.map(({ report }) => report.uptimeSeconds ?? 0));
  const known = all.filter(({ report }) => report.pid === null && report.uptimeSeconds !== null);
  return oldest < LONG_S ? [] : known.filter(({ report }) => (report.uptimeSeconds ?? 0) < RECENT_S);
}

const builds = about({ name: 'builds', why: 'During an update that is as it should be; afterwards a service that was left behind lacks what was mended, and may not know newer events.', runbook: 'BuildsDiffer' });

/** The same version and build everywhere, also of what runs beside them. */
export function checkBuilds(all: readonly ServiceVitals[], own: string): Check {
  const known = all.filter(({ report }) => report.version !== null);
  if (known.length === 0) return builds.unknown('no service says what it is');
  const groups = Map.groupBy(known, ({ report, status }) => `${report.version ?? ''}${typeof status?.['build'] === 'string' ? ` (${status['build']})` : ''}`);
  const told = [...groups].map(([build, those]) => `${build}: ${listed(those.map(({ report }) => report.name))}`).join('; ');
  if (groups.size > 1) return builds.warn(`Services of ${groups.size} builds run: ${told}.`, 'Let the update end, or finish it: start those again that are behind.');
  const version = known[0]?.report.version ?? '';
  if (version !== own) return builds.warn(`The services are ${told.split(':')[0] ?? ''}, this command is ${own}.`, 'Use the command of the same build; an older one may not know newer answers.');
  return builds.ok(known.length === all.length ? `all are ${[...groups.keys()][0] ?? ''}` : `all that answer are ${[...groups.keys()][0] ?? ''}`);
}

const migrations = about({ name: 'migrations', why: 'Code and tables do not fit together: queries of this service may fail.', runbook: 'MigrationsPending' });

export function checkMigrations(all: readonly ServiceVitals[]): Check {
  const states = all.map((replica) => ({ replica, facts: factsOf(replica, 'database') }));
  const known = states.filter(({ facts }) => Array.isArray(facts['pending']));
  const of = (which: 'pending' | 'ahead') => known.flatMap(({ replica, facts }) => namesIn(facts[which]).map((name) => ({ name, service: replica.report.name })));
  const [pending, ahead] = [of('pending'), of('ahead')];
  const told = (those: typeof pending) => [...Map.groupBy(those, ({ service }) => service)].map(([service, names]) => `${service}: ${listed(names.map(({ name }) => name), 2)}`).join('; ');
  if (pending.length > 0) return migrations.fail(`Not applied, though the running build needs them: ${told(pending)}.`, 'Start the service again, which applies them; if it does not, the reason is at the end of its log.');
  if (ahead.length > 0) return migrations.warn(`Applied by a newer build than the one that runs: ${told(ahead)}.`, 'Finish the update, or, after going back on purpose, leave it: tables only ever gain what the build before can live with.', { why: 'An older build runs on newer tables. The build right before is made for that, older ones are not.' });
  const silent = all.filter((one) => !answers(one) || (one.status !== null && healthCheckOf(one, 'database') !== null && !Array.isArray(factsOf(one, 'database')['pending'])));
  if (silent.length > 0) return migrations.unknown(`${listed(silent.map(({ report }) => report.name))} did not say`);
  return migrations.ok(`all applied, in ${plural(known.length, 'service')}`);
}

const namesIn = (value: unknown): string[] => (Array.isArray(value) ? value.filter((name) => typeof name === 'string') : []);
