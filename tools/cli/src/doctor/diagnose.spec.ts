import { rpcExamples } from '@granary/contracts';
import { NOW, wellMonitor, wellVitals } from '../../test/well-platform';
import { createStyle } from '../shell/style';
import { reportOf } from '../status/service-report';
import { beginWith, type Check, outcomeOf, renderChecks } from './check';
import { diagnose } from './diagnose';
import { DEFAULT_LIMITS, type Evidence, type RunningEvidence, type ServiceVitals } from './evidence';
import { brokerReport } from './monitor';
import type { Runbook } from './runbooks';

const [held] = rpcExamples['normalizer.held.list'].response.held;
const [dead] = rpcExamples['harvester.outbox.list'].response.dead;
const [repository] = rpcExamples['harvester.repository.list'].response.repositories;
if (!held || !dead || !repository) throw new Error('the examples of the contracts have none');
const HOUR = 3_600_000;
const at = Date.parse(NOW);
const failed = { state: 'failed', why: 'no auth service answers' } as const;

type Vital = Partial<Pick<ServiceVitals, 'clock' | 'lastError'>> & { name?: string; restarts?: number; status?: object | null; checks?: object[]; metrics?: Record<string, number | string> | null };

function vitals(service: string, { name = service, restarts = 0, status = {}, checks, metrics = {}, clock = { aheadMs: 0, uncertainMs: 2 }, lastError = null }: Vital = {}): ServiceVitals {
  const well = wellVitals(service);
  const body = status === null ? null : { ...well.status, ...(checks && { checks }), ...status };
  const page = metrics === null || status === null ? null : Object.entries(metrics).reduce(changed, well.metrics);
  return { report: reportOf({ name, pid: 7, restarts }, body, page), status: body, metrics: page, clock: status === null ? null : clock, lastError };
}

// A line that is there is replaced, another one joins.
function changed(page: string, [metric, value]: [string, number | string]): string {
  return page.includes(`${metric} `) ? page.split('\n').map((line) => (line.startsWith(`${metric} `) ? `${metric} ${value}` : line)).join('\n') : `${page}${metric} ${value}\n`;
}

const NAMES = ['auth', 'harvester', 'normalizer', 'audit', 'cache-janitor', 'registry', 'gateway'];
const all = (changes: Record<string, Vital> = {}): ServiceVitals[] => NAMES.map((name) => vitals(name, changes[name]));
const monitor = (change: (jsz: ReturnType<typeof wellMonitor>) => unknown = (jsz) => jsz): RunningEvidence['monitor'] => ({ state: 'answered', value: brokerReport(change(wellMonitor()), { version: '2.15.1' }, [at, at + 2]) });
const consumers = (change: object) => monitor((jsz) => ({ ...jsz, account_details: [{ stream_detail: [{ ...jsz.account_details[0]?.stream_detail[0], consumer_detail: jsz.account_details[0]?.stream_detail[0]?.consumer_detail.map((one) => ({ ...one, ...change })) }] }] }));

const well: RunningEvidence = {
  processes: { total: 10, missing: [], halted: [] },
  services: all(),
  broker: { state: 'answered', value: { roundTripMs: 12 } },
  monitor: monitor(),
  database: { state: 'answered', value: null },
  held: { state: 'answered', value: [] },
  dead: { state: 'answered', value: [] },
  repositories: { state: 'answered', value: [repository] },
  newest: { state: 'answered', value: '2026-03-02T09:29:59.000Z' },
};
const evidence: Evidence = {
  now: new Date(NOW),
  limits: DEFAULT_LIMITS,
  place: {
    folder: '/data', chosenBy: 'GRANARY_DATA', state: 'running',
    platform: { pid: 12, startedAt: '2026-03-02T09:00:00.000Z', nats: { url: 'nats://127.0.0.1:4222', monitorUrl: null, pid: 13 }, database: { url: 'postgres://127.0.0.1:5432/granary', pid: 14 }, operator: { user: 'operator', password: 'x' }, services: {} },
  },
  git: 'git version 2.39.5',
  disk: { folder: '/data', free: 90e9, total: 100e9 },
  memory: { free: 8e9, total: 16e9 },
  platform: well,
};
const elsewhere: Partial<Evidence> = { place: { ...evidence.place, chosenBy: 'GRANARY_SERVICES' } };

const troubled = (running: Partial<RunningEvidence>, more: Partial<Evidence> = {}): Check[] => diagnose({ ...evidence, ...more, platform: { ...well, ...running } }, '0.1.0');
const nothing = (more: Partial<Evidence> = {}): Check[] => diagnose({ ...evidence, platform: null, ...more }, '0.1.0');
const of = (name: string, checks: readonly Check[]): Check | undefined => checks.find((check) => check.name === name);

it('finds nothing where all is well', () => {
  const checks = troubled({});
  expect(checks.filter(({ state }) => state !== 'ok').map(({ name, state }) => ({ name, state }))).toEqual([{ name: 'certificates', state: 'skipped' }]);
  expect([outcomeOf(checks), beginWith(checks)]).toEqual(['ok', null]);
});

type Row = [trouble: string, check: string, state: Check['state'], finding: RegExp, runbook: Runbook | null, checks: Check[]];
const brokerDown: Partial<RunningEvidence> = { broker: { state: 'failed', why: 'timeout', code: 'broker-unreachable' }, monitor: { state: 'failed', why: 'timeout' } };
const db = (facts: object) => [{ name: 'database', critical: true, state: 'healthy', facts }];

const ROWS: Row[] = [
  // The machine
  ['little disk', 'disk space', 'warn', /^1\.9 GB of 100 GB free for \/data\.$/, 'DiskNearlyFull', troubled({}, { disk: { folder: '/data', free: 1.9e9, total: 100e9 } })],
  ['no disk', 'disk space', 'fail', /^200 MB of/, 'DiskNearlyFull', nothing({ disk: { folder: '/data', free: 0.2e9, total: 100e9 } })],
  ['less disk than was asked for', 'disk space', 'warn', /^90 GB of/, 'DiskNearlyFull', troubled({}, { limits: { ...DEFAULT_LIMITS, diskBytes: 95e9 } })],
  ['a full disk of a service', 'disk space', 'fail', /; 1\.0 % free for backups of cache-janitor\.$/, 'DiskNearlyFull', troubled({ services: all({ 'cache-janitor': { metrics: { 'granary_disk_free_ratio{place="backups"}': 0.01 } } }) })],
  ['little memory', 'memory', 'warn', /^1 GB of 16 GB free; auth takes most of the services, 150 MB\.$/, 'MemoryHigh', troubled({}, { memory: { free: 1e9, total: 16e9 } })],
  ['a service near its limit', 'memory', 'warn', /; audit has taken 90 % of what it may have\.$/, 'MemoryHigh', troubled({ services: all({ audit: { metrics: { process_resident_memory_bytes: 450e6, granary_process_memory_limit_bytes: 500e6 } } }) })],
  ['no memory', 'memory', 'fail', /^100 MB of/, 'MemoryHigh', nothing({ memory: { free: 0.1e9, total: 16e9 } })],
  ['one clock off', 'clock', 'fail', /^The clock of audit is 10\.0 s ahead of this machine's\.$/, 'ClockWrong', troubled({ services: all({ audit: { clock: { aheadMs: 10_000, uncertainMs: 5 } } }) })],
  ['an answer too slow to tell', 'clock', 'ok', /9 other clocks/, null, troubled({ services: all({ audit: { clock: { aheadMs: 2_500, uncertainMs: 2_500 } } }) })],
  ['this clock off', 'clock', 'fail', /^The clock of this machine is 5 min 0 s behind the broker, the database, auth, harvester and 5 more\.$/, 'ClockWrong', troubled({ services: NAMES.map((name) => vitals(name, { clock: { aheadMs: 300_000, uncertainMs: 2 } })), monitor: monitor((jsz) => ({ ...jsz, now: '2026-03-02T09:35:00.001Z' })) })],
  ['the clock of the database off', 'clock', 'fail', /^The clock of the database is 1 min 0 s behind this machine's\.$/, 'ClockWrong', troubled({ services: NAMES.map((name) => vitals(name, { checks: db({ clockOffsetMs: -60_000, pending: [], ahead: [] }) })) })],
  ['less skew than was asked for', 'clock', 'fail', /of audit is 50 ms ahead/, 'ClockWrong', troubled({ services: all({ audit: { clock: { aheadMs: 50, uncertainMs: 1 } } }) }, { limits: { ...DEFAULT_LIMITS, skewMs: 20 } })],
  ['a clock that was set back', 'clock', 'fail', /^The newest event is 1 h 0 min in the future/, 'ClockWrong', troubled({ newest: { state: 'answered', value: '2026-03-02T10:30:00.000Z' } })],
  ['no clock to compare with', 'clock', 'unknown', /^Not known: no service, broker or database/, null, troubled({ services: NAMES.map((name) => vitals(name, { status: null })), monitor: null })],
  ['no git', 'git', 'fail', /not found/, null, troubled({}, { git: null })],
  ['an old git', 'git', 'warn', /2\.17\.1 is old/, null, troubled({}, { git: 'git version 2.17.1' })],
  ['something else called git', 'git', 'warn', /old/, null, troubled({}, { git: 'gut' })],
  // Servers and processes
  ['nothing started', 'platform', 'fail', /^Granary is not running \(no platform\.json in \/data, taken from GRANARY_DATA\)\.$/, null, nothing({ place: { ...evidence.place, state: 'nothing', platform: null } })],
  ['a platform that was killed', 'platform', 'fail', /has ended without stopping/, 'ServiceDown', nothing({ place: { ...evidence.place, state: 'left-over', platform: null } })],
  ['processes that are gone', 'processes', 'fail', /^Not running: nats and audit\.$/, 'BrokerDown', troubled({ processes: { total: 10, missing: ['nats', 'audit'], halted: [] } })],
  ['a process that is halted', 'processes', 'fail', /^Halted \(SIGSTOP, or a debugger\): nats \(pid 13\)\.$/, 'BrokerDown', troubled({ processes: { total: 10, missing: [], halted: ['nats (pid 13)'] } })],
  ['a database that is halted', 'processes', 'fail', /postgres/, 'DatabaseDown', troubled({ processes: { total: 10, missing: ['audit'], halted: ['postgres (pid 14)'] } })],
  ['a service that is gone', 'processes', 'fail', /^Not running: audit\.$/, 'ServiceDown', troubled({ processes: { total: 10, missing: ['audit'], halted: [] } })],
  ['who starts processes again gone, too', 'processes', 'fail', /^Not running: granary up and nats\.$/, 'ServiceDown', troubled({ processes: { total: 10, missing: ['granary up', 'nats'], halted: [] } })],
  ['processes of elsewhere', 'processes', 'skipped', /elsewhere/, null, troubled({ processes: null })],
  ['the broker down', 'broker', 'fail', /^nats:\/\/127\.0\.0\.1:4222 does not answer: connection refused\.$/, 'BrokerDown', troubled({ broker: { state: 'failed', why: 'connection refused', code: 'broker-unreachable' } })],
  ['the broker refusing', 'broker', 'fail', /refuses the operator's credentials/, 'BrokerDown', troubled({ broker: { state: 'failed', why: 'authorization violation', code: 'broker-refused' } })],
  ['the broker without its stream', 'broker', 'fail', /has no stream EVENTS/, 'BrokerDown', troubled({ monitor: monitor(() => ({ now: NOW })) })],
  ['a slow broker', 'broker', 'warn', /in 2\.5 s, which is slow/, 'BrokerDown', troubled({ broker: { state: 'answered', value: { roundTripMs: 2_500 } } })],
  ['the database down', 'database', 'fail', /accepts no connection: ECONNREFUSED\.$/, 'DatabaseDown', troubled({ database: { state: 'failed', why: 'ECONNREFUSED' } })],
  ['the database refusing services', 'database', 'fail', /^audit cannot use it: role is locked\.$/, 'DatabaseDown', troubled({ services: all({ audit: { checks: [{ name: 'database', critical: true, state: 'unhealthy', detail: 'role is locked' }] } }) })],
  ['a database that only lacks a migration', 'database', 'ok', /accepts connections/, null, troubled({ services: all({ audit: { status: { status: 'degraded' }, checks: [{ name: 'database', critical: true, state: 'degraded', detail: '1 migrations', facts: { pending: ['Proofs1'], ahead: [] } }] } }) })],
  ['a database of which nobody knows', 'database', 'unknown', /GRANARY_DATABASE_URL/, null, troubled({ database: null, services: NAMES.map((name) => vitals(name, { status: null })) })],
  ['a certificate near its end', 'certificates', 'warn', /^broker \(auth\) ends in 10 days\.$/, 'CertificateNearEnd', troubled({ services: all({ auth: { metrics: { 'granary_certificate_expires_timestamp_seconds{certificate="broker"}': at / 1000 + 10.5 * 86_400 } } }) })],
  ['a certificate that has ended', 'certificates', 'fail', /^broker \(auth\) has ended\.$/, 'CertificateNearEnd', troubled({ services: all({ auth: { metrics: { 'granary_certificate_expires_timestamp_seconds{certificate="broker"}': at / 1000 - 60 } } }) })],
  ['certificates of which nobody tells', 'certificates', 'unknown', /encrypted/, null, troubled({}, { place: { ...evidence.place, platform: { ...evidence.place.platform, nats: { url: 'tls://nats:4222', monitorUrl: null, pid: null } } as Evidence['place']['platform'] } })],
  // Services
  ['a service down', 'services', 'fail', /^normalizer is away: no answer; last error in its log, 2026-03-02T09:29:00\.000Z: EADDRINUSE\.$/, 'ServiceDown', troubled({ services: all({ normalizer: { status: null, lastError: { time: '2026-03-02T09:29:00.000Z', message: 'EADDRINUSE' } } }) })],
  ['all services with one trouble', 'services', 'fail', /^auth, harvester, normalizer, audit and 3 more are ready, unhealthy \(broker: lost\)\.$/, 'ServiceNotReady', troubled({ services: NAMES.map((name) => vitals(name, { status: { status: 'unhealthy' }, checks: [{ name: 'broker', critical: true, state: 'unhealthy', detail: 'lost' }] })) })],
  ['a service that is not ready', 'services', 'fail', /^audit is starting, unhealthy \(waits for database: refused\)\.$/, 'ServiceNotReady', troubled({ services: all({ audit: { status: { status: 'unhealthy', phase: { state: 'starting', waitingFor: ['database: refused'] }, checks: [] } } }) })],
  ['a service that was drained', 'services', 'fail', /^audit is drained, healthy \(on purpose, by `granary drain` or SIGUSR2; /, 'ServiceNotReady', troubled({ services: all({ audit: { status: { phase: { state: 'drained' } } } }) })],
  ['a service that is degraded', 'services', 'warn', /^audit is ready, degraded \(mirror: slow\)\.$/, 'ServiceNotReady', troubled({ services: all({ audit: { status: { status: 'degraded' }, checks: [{ name: 'mirror', critical: false, state: 'degraded', detail: 'slow' }] } }) })],
  ['a crash', 'restarts', 'warn', /^Started again after a crash: audit 1 time, up for 5 min 0 s\.$/, 'RestartLoop', troubled({ services: all({ audit: { restarts: 1, status: { uptimeSeconds: 300 } } }) })],
  ['a restart loop', 'restarts', 'fail', /^Started again and again: audit 4 times, up for 9\.0 s \(last error: no such table\)\.$/, 'RestartLoop', troubled({ services: all({ audit: { restarts: 4, status: { uptimeSeconds: 9 }, lastError: { time: NOW, message: 'no such table' } } }) })],
  ['a restart loop while it is away', 'restarts', 'fail', /^Started again and again: audit 3 times\.$/, 'RestartLoop', troubled({ services: all({ audit: { restarts: 3, status: null } }) })],
  ['crashes of long ago', 'restarts', 'ok', /^none for an hour; before that audit 2 times/, null, troubled({ services: all({ audit: { restarts: 2, status: { uptimeSeconds: 7_200 } } }) })],
  ['two builds', 'builds', 'warn', /^Services of 2 builds run: 0\.1\.0: auth, harvester, normalizer, audit and 2 more; 0\.1\.0 \(9fceb02\): gateway\.$/, 'BuildsDiffer', troubled({ services: all({ gateway: { status: { build: '9fceb02' } } }) })],
  ['another version of this command', 'builds', 'warn', /^The services are 0\.2\.0, this command is 0\.1\.0\.$/, 'BuildsDiffer', troubled({ services: NAMES.map((name) => vitals(name, { status: { version: '0.2.0' } })) })],
  ['a migration pending', 'migrations', 'fail', /^Not applied, though the running build needs them: audit: Proofs1\.$/, 'MigrationsPending', troubled({ services: all({ audit: { checks: db({ pending: ['Proofs1'], ahead: [] }) } }) })],
  ['a migration ahead', 'migrations', 'warn', /^Applied by a newer build than the one that runs: auth: OfTomorrow1\.$/, 'MigrationsPending', troubled({ services: all({ auth: { checks: db({ pending: [], ahead: ['OfTomorrow1'] }) } }) })],
  ['migrations of which a service does not tell', 'migrations', 'unknown', /^Not known: auth did not say\.$/, null, troubled({ services: all({ auth: { status: null } }) })],
  // What flows
  ['no relay', 'relays', 'fail', /^No leader: nobody publishes the outbox of audit\.$/, 'OutboxOld', troubled({ services: all({ audit: { metrics: { granary_outbox_leading: 0 } } }) })],
  ['a second replica that leads', 'relays', 'ok', /each of 6 services/, null, troubled({ services: [...all({ audit: { metrics: { granary_outbox_leading: 0 } } }), vitals('audit', { name: 'audit@b:8080' })] }, elsewhere)],
  ['a replica that does not lead', 'relays', 'unknown', /the replica of audit that was asked does not publish/, null, troubled({ services: all({ audit: { metrics: { granary_outbox_leading: 0 } } }) }, elsewhere)],
  ['an old outbox', 'outboxes', 'warn', /^auth has not published an event for 1 min 30 s; 3 events wait in all\.$/, 'OutboxOld', troubled({ services: all({ auth: { metrics: { granary_outbox_waiting: 3, granary_outbox_oldest_age_seconds: 90 } } }) })],
  ['an outbox of which nobody knows', 'outboxes', 'unknown', /^Not known: auth did not say\.$/, null, troubled({ services: all({ auth: { status: null } }) })],
  ['a very old outbox', 'outboxes', 'fail', /for 10 min 0 s/, 'OutboxOld', troubled({ services: all({ auth: { metrics: { granary_outbox_oldest_age_seconds: 600 } } }) })],
  ['dead rows', 'refused events', 'fail', /^Refused by the stream for good: harvester has 1; the first for 10 min, "message size exceeds maximum allowed \(10054\)"; 2 events wait behind\.$/, 'OutboxDeadRows', troubled({ services: all({ harvester: { metrics: { granary_outbox_dead: 1 } } }), dead: { state: 'answered', value: [{ service: 'harvester', ...dead }] } })],
  ['dead rows that cannot be listed', 'refused events', 'fail', /^Refused by the stream for good: harvester has 2\.$/, 'OutboxDeadRows', troubled({ services: all({ harvester: { metrics: { granary_outbox_dead: 2 } } }), dead: failed })],
  ['a group without owner', 'consumers', 'fail', /^Without owner: normalizer \(group 2\)\.$/, 'PartitionWithoutOwner', troubled({ services: all({ normalizer: { metrics: { 'granary_partition_lease_owned{consumer="normalizer",group="2"}': 0 } } }), monitor: consumers({ num_waiting: 0 }) })],
  ['a consumer whose service is down', 'consumers', 'fail', /^Without owner: normalizer \(groups 0, 1, 2, 3\)\.$/, 'PartitionWithoutOwner', troubled({ services: all({ normalizer: { status: null } }) })],
  ['a consumer of which nobody knows', 'consumers', 'unknown', /normalizer \(groups 0, 1, 2, 3\)/, null, troubled({ services: all({ normalizer: { status: null } }), monitor: null }, elsewhere)],
  ['owners that only the table of leases tells', 'consumers', 'ok', /all 4 groups/, null, troubled({ services: all({ normalizer: { metrics: { ...Object.fromEntries([0, 1, 2, 3].map((group) => [`granary_partition_lease_owned{consumer="normalizer",group="${group}"}`, 0])), 'granary_partitions_without_owner{consumer="normalizer"}': 0 } } }), monitor: null }, elsewhere)],
  ['lag', 'lag', 'warn', /^normalizer is 8,000 events behind, the oldest for 12\.0 s\.$/, 'ConsumerLagging', troubled({ services: all({ normalizer: { metrics: { 'granary_consumer_oldest_seconds{consumer="normalizer",group="1"}': 12 } } }), monitor: consumers({ num_pending: 1_990, num_ack_pending: 10 }) })],
  ['lag in time', 'lag', 'fail', /the oldest for 1 h 0 min\.$/, 'ConsumerLagging', troubled({ services: all({ normalizer: { metrics: { 'granary_consumer_oldest_seconds{consumer="normalizer",group="1"}': 3_600 } } }) })],
  ['lag of a consumer that is away', 'lag', 'warn', /^normalizer is 8,000 events behind, for how long is not known\.$/, 'ConsumerLagging', troubled({ services: all({ normalizer: { status: null } }), monitor: consumers({ num_pending: 2_000 }) })],
  ['lag of which nobody knows', 'lag', 'unknown', /normalizer/, null, troubled({ services: all({ normalizer: { status: null } }), monitor: null })],
  ['lag while the broker is down', 'lag', 'unknown', /^Not known: the broker does not answer; before it was: none is far behind \(normalizer 0\)\.$/, null, troubled(brokerDown)],
  ['lag that was there when the broker went down', 'lag', 'fail', /^normalizer is 0 events behind, the oldest for 1 h 0 min\.$/, 'ConsumerLagging', troubled({ ...brokerDown, services: all({ normalizer: { metrics: { 'granary_consumer_oldest_seconds{consumer="normalizer",group="1"}': 3_600 } } }) })],
  ['lag that the monitoring of the broker tells', 'lag', 'ok', /none is far behind/, null, troubled({ broker: { state: 'failed', why: 'authorization violation', code: 'broker-refused' } })],
  ...['relays', 'outboxes', 'refused events', 'held events', 'freshness', 'event log', 'log proof'].map((check): Row => [`${check} while the database is down`, check, 'unknown', /^Not known: the database does not answer; before it was: /, null, troubled({ database: { state: 'failed', why: 'timeout' } })]),
  ['held events while no service reaches the database', 'held events', 'unknown', /the database does not answer; before it was: none\.$/, null, troubled({ database: null, services: NAMES.map((name) => vitals(name, { checks: [{ name: 'database', critical: true, state: 'unhealthy', detail: 'timeout' }] })) })],
  ['dead events that were there when the database went down', 'held events', 'fail', /^1 event given up/, 'EventsDead', troubled({ database: { state: 'failed', why: 'timeout' }, held: { state: 'answered', value: [held] } })],
  ['dead events', 'held events', 'fail', /^1 event given up \(dead\) by normalizer, 1 key, the first 10 min ago \(artifact-missing: .*\); 0 more held\.$/, 'EventsDead', troubled({ held: { state: 'answered', value: [held] } })],
  ['held events', 'held events', 'warn', /^2 events held by normalizer, 1 key, the first 10 min ago .*, tried again by themselves\.$/, 'EventsHeld', troubled({ held: { state: 'answered', value: [{ ...held, state: 'held' }, { ...held, state: 'waiting' }] } })],
  ['dead events of other tenants', 'held events', 'fail', /^3 events given up \(dead\); 0 more held\. Which ones is not known: no auth service answers\.$/, 'EventsDead', troubled({ services: all({ normalizer: { metrics: { 'granary_events_held{state="dead"}': 3, 'granary_events_held{state="held"}': 0, 'granary_events_held{state="waiting"}': 0 } } }), held: failed })],
  ['held events of which the owner does not tell', 'held events', 'unknown', /^Not known: normalizer did not say; no auth/, null, troubled({ services: all({ auth: { metrics: { 'granary_events_held{state="dead"}': 0 } }, normalizer: { status: null } }), held: failed })],
  ['held events of which nobody knows', 'held events', 'unknown', /no auth service answers/, null, troubled({ held: failed })],
  ['no log writer', 'event log', 'fail', /^Nobody writes it, audit does not answer; 500 events behind the stream\.$/, 'LogWriterBehind', troubled({ services: all({ audit: { status: null } }), monitor: consumers({ num_pending: 500 }) })],
  ['no leader of the log', 'event log', 'fail', /^Nobody writes it \(standby\), it has no leader; 0 events/, 'LogWriterBehind', troubled({ services: all({ audit: { metrics: { 'granary_event_log_writer{state="writing"}': 0, 'granary_event_log_writer{state="standby"}': 1 } } }) })],
  ['a writer that stopped', 'event log', 'fail', /contradict each other/, 'LogDiffersFromStream', troubled({ services: all({ audit: { metrics: { 'granary_event_log_writer{state="conflict"}': 1 } } }) })],
  ['the log behind', 'event log', 'warn', /^2,000 events behind the stream, last complete 20\.0 s ago\.$/, 'LogWriterBehind', troubled({ services: all({ audit: { metrics: { granary_event_log_lag_seconds: 20 } } }), monitor: consumers({ num_pending: 2_000 }) })],
  ['the log far behind', 'event log', 'fail', /^100,001 events/, 'LogWriterBehind', troubled({ monitor: consumers({ num_pending: 100_001 }) })],
  ['events about to go', 'event log', 'fail', /^The stream may throw away events that are not logged in 1 h 0 min; 0 events/, 'LogRetentionNear', troubled({ services: all({ audit: { metrics: { granary_event_log_retention_margin_seconds: 3_600 } } }) })],
  ['the log while the broker is down', 'event log', 'unknown', /^Not known: the broker does not answer; before it was: it is written, 0 events behind the stream\.$/, null, troubled(brokerDown)],
  ['a stream that cannot be compared', 'log proof', 'unknown', /^Not known: the broker does not answer; before it was: log, stream and checkpoints agree\.$/, null, troubled(brokerDown)],
  ['log and stream that differ', 'log proof', 'fail', /^Log and stream differ: differs at 2 positions\.$/, 'LogDiffersFromStream', troubled({ services: all({ audit: { metrics: { 'granary_event_log_differences_total{kind="differs"}': 2 } } }) })],
  ['a log that was changed', 'log proof', 'fail', /somebody changed them/, 'LogAltered', troubled({ services: all({ audit: { metrics: { granary_audit_log_altered_total: 1 } } }) })],
  ['a log that contradicts its checkpoint', 'log proof', 'fail', /contradicts the newest checkpoint/, 'LogAltered', troubled({ services: all({ audit: { metrics: { 'granary_event_log_checkpoint_state{state="consistent"}': 0, 'granary_event_log_checkpoint_state{state="contradicts"}': 1 } } }) })],
  ['a checkpoint that is not kept', 'log proof', 'warn', /\(failing\)/, 'CheckpointMissing', troubled({ services: all({ audit: { metrics: { 'granary_event_log_checkpoint_state{state="consistent"}': 0, 'granary_event_log_checkpoint_state{state="failing"}': 1 } } }) })],
  // What is watched and kept
  ['a remote that is unreachable', 'remotes', 'warn', /^1 repository of 2 cannot be read: app \(git ls-remote timed out\)\.$/, 'PollingBudgetBurns', troubled({ repositories: { state: 'answered', value: [repository, { ...repository, name: 'app', lastError: 'git ls-remote timed out' }] } })],
  ['no remote reachable', 'remotes', 'fail', /^1 repository of 1/, 'PollingBudgetBurns', troubled({ repositories: { state: 'answered', value: [{ ...repository, lastError: 'x' }] } })],
  ['remotes of which nobody knows', 'remotes', 'unknown', /no auth service answers/, null, troubled({ repositories: failed })],
  ['a commit that is late', 'freshness', 'warn', /^A commit that was seen 10 min 0 s ago is not harvested; longest granary\.$/, 'FreshnessTooOld', troubled({ repositories: { state: 'answered', value: [{ ...repository, unharvestedSince: new Date(at - HOUR / 6).toISOString() }] } })],
  ['a commit of another tenant that is very late', 'freshness', 'fail', /^A commit that was seen 2 h 0 min ago is not harvested\.$/, 'FreshnessTooOld', troubled({ services: all({ harvester: { metrics: { granary_repository_freshness_worst_seconds: 7_200 } } }), repositories: failed })],
  ['no backup', 'backups', 'warn', /^There is no backup\.$/, 'BackupNotVerified', troubled({ services: all({ 'cache-janitor': { metrics: { granary_backups: 0, granary_backup_verified_age_seconds: '+Inf' } } }) })],
  ['backups that were never proven', 'backups', 'fail', /^Of 7 backups none was ever proven/, 'BackupNotVerified', troubled({ services: all({ 'cache-janitor': { metrics: { granary_backup_verified_age_seconds: '+Inf' } } }) })],
  ['a backup proven long ago', 'backups', 'warn', /proven to be right 3 d ago\.$/, 'BackupNotVerified', troubled({ services: all({ 'cache-janitor': { metrics: { granary_backup_verified_age_seconds: 3 * 86_400 } } }) })],
  ['a place without backups', 'backups', 'warn', /^None are made here\.$/, 'BackupNotVerified', troubled({ services: all().map((one) => ({ ...one, metrics: one.metrics?.replace(/^granary_backup.*\n/gm, '') ?? null })) })],
  ['backups of which nobody knows', 'backups', 'unknown', /cache janitor/, null, troubled({ services: all({ 'cache-janitor': { status: null } }) })],
];

it.each(ROWS)('%s: %s is %s', (_, name, state, finding, runbook, checks) => {
  const found = of(name, checks);
  expect(found).toMatchObject({ state, runbook });
  expect(found?.finding).toMatch(finding);
  // Whatever is wrong comes with what it means and what to do; what is not known is never said to be well.
  expect([found?.why !== null, found?.advice !== null]).toEqual(state === 'warn' || state === 'fail' ? [true, true] : [false, false]);
});

it('begins with the cause', () => {
  const down = troubled({
    broker: { state: 'failed', why: 'connection refused' }, held: failed, repositories: failed, dead: failed, newest: failed,
    services: NAMES.map((name) => vitals(name, { status: { status: 'unhealthy' }, checks: [{ name: 'broker', critical: true, state: 'unhealthy', detail: 'lost' }] })),
  });
  expect(beginWith(down)).toMatchObject({ name: 'broker' });
  expect(outcomeOf(down)).toBe('failed');
  expect(outcomeOf(troubled({ held: failed }))).toBe('notRunning');
  expect(outcomeOf(troubled({}, { disk: { folder: '/data', free: 1.9e9, total: 100e9 } }))).toBe('ok');
});

it('checks the machine where nothing runs, and says that it did not check the rest', () => {
  const checks = nothing({ place: { ...evidence.place, state: 'nothing', platform: null } });
  expect(checks.filter(({ state }) => state === 'ok').map(({ name }) => name)).toEqual(['disk space', 'memory', 'git']);
  expect(checks.filter(({ state }) => state === 'skipped')).toHaveLength(20);
});

it('shows what was found, what it means, what to do, the runbook, and what it comes to', () => {
  const checks = troubled({ processes: { total: 10, missing: ['nats'], halted: [] }, held: failed, services: all({ audit: { restarts: 1, status: { uptimeSeconds: 300 } } }) }).filter(({ name }) => ['git', 'processes', 'restarts', 'held events', 'certificates'].includes(name));
  expect(renderChecks(checks, createStyle(false))).toBe(
    [
      '✓ git           git version 2.39.5',
      '✗ processes     Not running: nats.',
      '                What a process does is not done while it is away; the others go on and wait for it.',
      '                → Each is started again by itself within seconds, later when it keeps ending. Why it ended: `tail -n 50 /data/logs/nats.log`; without an error there it was killed, which `journalctl -k | tail` tells of.',
      '                → docs/runbooks/BrokerDown.md',
      '– certificates  no connection uses one',
      '! restarts      Started again after a crash: audit 1 time, up for 5 min 0 s.',
      '                Each crash stops what the service was doing for some seconds; events at work then are handled again.',
      '                → The reason stands before the last line "service starting": `tail -n 50 /data/logs/audit.log`. Without an error there it was killed, which `journalctl -k | tail` tells of.',
      '                → docs/runbooks/RestartLoop.md',
      '? held events   Not known: normalizer did not say; no auth service answers.',
      '',
      '1 check failed, 1 warning, 1 not known.',
      'Begin with: processes. What stands below it may only follow from it.',
    ].join('\n'),
  );
  expect(renderChecks(checks.slice(0, 1), createStyle(false))).toMatch(/All is well\.$/);
});
