import { STREAM } from '@granary/contracts';
import type { PlatformPlace } from '../platform/place';
import { formatCount, formatDuration, plural } from '../shell/format';
import { about, type Check } from './check';
import type { LogHint } from './log-hint';
import { answers, healthCheckOf, listed, type RunningEvidence, samples, type ServiceVitals } from './evidence';
import type { Runbook } from './runbooks';

const platform = about({ name: 'platform', why: 'Nothing is harvested, handled or answered.', runbook: null });

export function checkPlatform({ state, folder, chosenBy, platform: found }: PlatformPlace): Check {
  if (found && chosenBy === 'GRANARY_SERVICES') return platform.ok('the one that GRANARY_SERVICES and GRANARY_NATS_URL name');
  if (found) return platform.ok(`process ${found.pid} runs it since ${found.startedAt}, data in ${folder}`);
  if (state === 'left-over') return platform.fail(`The run that wrote platform.json in ${folder} has ended without stopping.`, 'Start Granary with npm start; it recovers what was left. The end of its output, or of the system\'s log (`journalctl -k | tail`), says why it ended.', { runbook: 'ServiceDown' });
  return platform.fail(`Granary is not running (no platform.json in ${folder}, taken from ${chosenBy}).`, 'Start it with npm start, or name its folder with --data; one in containers is reached by GRANARY_SERVICES and GRANARY_NATS_URL.');
}

const processes = about({ name: 'processes', why: 'What a process does is not done while it is away; the others go on and wait for it.', runbook: 'ServiceDown' });

/** Null for a platform of elsewhere. */
export function checkProcesses(found: RunningEvidence['processes'], logs: LogHint): Check {
  if (found === null) return processes.skipped('they run elsewhere');
  const { total, missing, halted } = found;
  const runbook = runbookFor([...missing, ...halted]);
  if (halted.length > 0) return processes.fail(`Halted (SIGSTOP, or a debugger): ${listed(halted)}.`, 'Let them go on with `kill -CONT <pid>`; `granary status` shows the pids.', { runbook });
  if (missing.length === 0) return processes.ok(`all ${total} run`);
  return processes.fail(`Not running: ${listed(missing)}.`, `Each is started again by itself within seconds, later when it keeps ending. Why it ended: ${logs(missing.filter((name) => name !== 'granary up'))}; without an error there it was killed, which \`journalctl -k | tail\` tells of.`, { runbook });
}

/** Servers before services, which only wait for them; none of them comes back while nobody is there who starts processes again. */
function runbookFor(gone: readonly string[]): Runbook {
  const has = (name: string) => gone.some((one) => one === name || one.startsWith(`${name} (`));
  if (has('granary up')) return 'ServiceDown';
  if (has('nats')) return 'BrokerDown';
  return has('postgres') ? 'DatabaseDown' : 'ServiceDown';
}

const broker = about({
  name: 'broker',
  why: 'No event is published or handled and no service can be asked; commits wait in the outboxes and are published when it is back. Nothing is lost.',
  runbook: 'BrokerDown',
});

const SLOW_MS = 2_000;

export function checkBroker(answer: RunningEvidence['broker'], monitor: RunningEvidence['monitor'], url: string, logs: LogHint): Check {
  if (answer.state === 'failed') {
    if (answer.code === 'broker-refused') return broker.fail(`${url} refuses the operator's credentials.`, 'They are of another run, or were changed: compare `operator` in platform.json with the users of the broker (nats/nats.conf), then stop Granary and start it again.', { why: 'Commands cannot ask services; whether services are let in, their own lines say.' });
    return broker.fail(`${url} does not answer: ${answer.why}.`.replace('..', '.'), `See why with ${logs(['nats'])}: a full disk, or killed for memory? It is started again by itself; where it is not, stop Granary and start it again.`);
  }
  const finding = `${url} answers in ${formatDuration(answer.value.roundTripMs)}`;
  if (monitor?.state === 'answered' && monitor.value.stream === null) return broker.fail(`${url} answers, and has no stream ${STREAM}.`, 'Its files are gone or another folder is mounted: look for nats/store in the data folder before anything else, then start Granary again, which makes the stream anew; the log of events is not lost with it.', { why: 'No event can be stored; announcements wait in the outboxes.' });
  return answer.value.roundTripMs > SLOW_MS ? broker.warn(`${finding}, which is slow.`, 'See whether the machine is overloaded (`uptime`), or the disk slow.') : broker.ok(finding);
}

const database = about({
  name: 'database',
  why: 'Services can neither read nor commit: events wait in the stream, requests are answered 503. Nothing that was acknowledged is lost.',
  runbook: 'DatabaseDown',
});

/** The database as the network and the services see it: the CLI has no account there. */
export function checkDatabase(answer: RunningEvidence['database'], services: readonly ServiceVitals[], url: string, logs: LogHint): Check {
  const advice = `See why with ${logs(['postgres'])}: a full disk, no connection free, or killed for memory? It is started again by itself; where it is not, stop Granary and start it again.`;
  const asked = services.filter(answers);
  const unhappy = asked.flatMap((service) => {
    const seen = healthCheckOf(service, 'database');
    return seen?.['state'] === 'unhealthy' ? [{ name: service.report.name, detail: String(seen['detail'] ?? 'it does not say why') }] : [];
  });
  if (answer?.state === 'failed') return database.fail(`${url} accepts no connection: ${answer.why}.`, advice);
  if (unhappy.length > 0) return database.fail(`${listed(unhappy.map(({ name }) => name))} cannot use it: ${unhappy[0]?.detail ?? ''}.`, advice);
  if (answer !== null) return database.ok(`${url} accepts connections${asked.length === 0 ? '; whether services can use it is not known, none answers' : ''}`);
  return asked.length === 0 ? database.unknown('no service answers, and GRANARY_DATABASE_URL does not say where it is') : database.ok('all services that answer can use it');
}

const certificates = about({ name: 'certificates', why: 'When one has ended, no new connection is made with it: services that start again or lose their connection stay out.', runbook: 'CertificateNearEnd' });

const DAY_S = 86_400;
const [SOON_DAYS, NOW_DAYS] = [14, 3];

/** @param urls where broker and database are */
export function checkCertificates(now: Date, services: readonly ServiceVitals[], urls: readonly string[]): Check {
  const ends = samples(services, 'granary_certificate_expires_timestamp_seconds').filter(({ value }) => Number.isFinite(value) && value > 0);
  if (ends.length === 0) {
    const tls = urls.some((url) => /^(tls|https|wss):|sslmode=(require|verify)/.test(url));
    return tls ? certificates.unknown('connections are encrypted, and no service says when its certificates end') : certificates.skipped('no connection uses one');
  }
  const days = ends.map(({ value, service, labels }) => ({ name: `${labels['certificate'] ?? 'certificate'} (${service})`, days: (value - now.getTime() / 1000) / DAY_S })).sort((a, b) => a.days - b.days);
  const [first] = days;
  if (first === undefined || first.days > SOON_DAYS) return certificates.ok(`the next one ends in ${Math.floor(first?.days ?? 0)} days`);
  const near = days.filter((one) => one.days <= SOON_DAYS);
  const finding = `${near.slice(0, 3).map((one) => `${one.name} ${one.days < 0 ? 'has ended' : `ends in ${plural(Math.floor(one.days), 'day')}`}`).join(', ')}${near.length > 3 ? `, and ${formatCount(near.length - 3)} more` : ''}.`;
  return first.days < NOW_DAYS ? certificates.fail(finding, 'Renew it now.') : certificates.warn(finding, 'Renew it in time.');
}

