import { accessDocuments, consumersOf, type ConsumerSpec } from '@granary/contracts';
import { heldOwners } from '../held/owners';
import { outboxServices } from '../outbox/services';
import { formatCount, formatDuration, formatSince, plural } from '../shell/format';
import { about, type Check } from './check';
import { type LogHint, logHint } from './log-hint';
import { answers, byService, type Evidence, type Limits, listed, type RunningEvidence, samples, type ServiceVitals, sumOver } from './evidence';

const relays = about({ name: 'relays', why: 'What these services announce is committed and is not published: nobody downstream hears of it until somebody leads.', runbook: 'OutboxOld' });

/** Of each service one replica publishes the outbox. */
export function checkRelays(services: readonly ServiceVitals[], everyReplica: boolean): Check {
  const announcing = [...byService(withOutbox(services))].map(([service, replicas]) => ({ service, leading: sumOver(replicas, 'granary_outbox_leading') }));
  const without = announcing.filter(({ leading }) => leading === 0).map(({ service }) => service);
  const silent = announcing.filter(({ leading }) => leading === null).map(({ service }) => service);
  if (without.length > 0 && !everyReplica) return relays.unknown(`the replica of ${listed(without)} that was asked does not publish; whether another one does shows only when all of them stand in GRANARY_SERVICES`);
  if (without.length > 0) return relays.fail(`No leader: nobody publishes the outbox of ${listed(without)}.`, 'A leader is found within seconds once database and broker are there: look at those first. A transaction that hangs keeps the lock: `granary status` shows which service complains; start that one again with `kill -TERM <pid>`.');
  return silent.length > 0 ? relays.unknown(`${listed(silent)} did not say`) : relays.ok(`each of ${plural(announcing.length, 'service')} publishes its outbox`);
}

function withOutbox(services: readonly ServiceVitals[]): ServiceVitals[] {
  const names = new Set<string>(outboxServices(accessDocuments));
  return services.filter(({ report }) => names.has(report.service));
}

const outboxes = about({ name: 'outboxes', why: 'What was committed is not yet known to anybody else: graphs, log and streams of the API lag behind by that much.', runbook: 'OutboxOld' });

const [OLD_S, TOO_OLD_S] = [60, 120];

export function checkOutboxes(services: readonly ServiceVitals[]): Check {
  const ages = samples(services, 'granary_outbox_oldest_age_seconds').filter(({ value }) => value > OLD_S).sort((a, b) => b.value - a.value);
  const waiting = sumOver(services, 'granary_outbox_waiting');
  const silent = [...byService(withOutbox(services))].filter(([, replicas]) => sumOver(replicas, 'granary_outbox_waiting') === null).map(([service]) => service);
  if (waiting === null || (ages.length === 0 && silent.length > 0)) return outboxes.unknown(`${listed(silent)} did not say`);
  if (ages.length === 0) return outboxes.ok(waiting === 0 ? 'nothing waits for publication' : `${plural(waiting, 'event')} ${waiting === 1 ? 'waits' : 'wait'} for publication, none for more than ${OLD_S} s`);
  const finding = `${ages.map(({ service, value }) => `${service} has not published an event for ${formatDuration(value * 1000)}`).join(', ')}; ${plural(waiting, 'event')} wait in all.`;
  const advice = 'Is the broker there, and does somebody lead (both above)? Then look for lines of the relay in the log of the service.';
  return ages.some(({ value }) => value > TOO_OLD_S) ? outboxes.fail(finding, advice) : outboxes.warn(finding, advice);
}

const refused = about({ name: 'refused events', why: 'Nobody hears of these events, and later ones of the same key wait behind them until somebody decides.', runbook: 'OutboxDeadRows' });

export function checkRefused(services: readonly ServiceVitals[], dead: RunningEvidence['dead'], now: Date): Check {
  const counts = [...byService(withOutbox(services))].map(([service, replicas]) => ({ service, dead: deadOf(replicas) }));
  const having = counts.filter((one) => (one.dead ?? 0) > 0);
  const rows = dead.state === 'answered' ? dead.value : [];
  const owners = having.length > 0 ? having.map(({ service, dead: count }) => `${service} has ${count ?? 0}`) : [...Map.groupBy(rows, ({ service }) => service)].map(([service, its]) => `${service} has ${its.length}`);
  if (owners.length > 0) {
    const [first] = rows.toSorted((a, b) => a.deadAt.localeCompare(b.deadAt));
    const more = first ? `; the first for ${formatSince(first.deadAt, now)}, "${first.reason}"; ${plural(rows.reduce((sum, { behind }) => sum + behind, 0), 'event')} wait behind` : '';
    return refused.fail(`Refused by the stream for good: ${owners.join(', ')}${more}.`, 'See them with `granary outbox list` and `granary outbox show <service> <id>`; when the cause is mended `granary outbox retry <service> <id>`, else `granary outbox discard <service> <id>`.');
  }
  const silent = counts.filter((one) => one.dead === null).map(({ service }) => service);
  return silent.length > 0 ? refused.unknown(`${listed(silent)} did not say`) : refused.ok('none');
}

// Every replica sees the same rows.
function deadOf(replicas: readonly ServiceVitals[]): number | null {
  const seen = samples(replicas, 'granary_outbox_dead').map(({ value }) => value);
  return seen.length === 0 ? null : Math.max(...seen);
}

const owners = about({ name: 'consumers', why: 'Nobody handles the events of these groups: graphs stay as they are while events gather in the stream.', runbook: 'PartitionWithoutOwner' });

/** Each partition group of each consumer has an owner: the services know by their leases, the broker by who asks for events. */
export function checkOwners({ services, monitor }: Pick<RunningEvidence, 'services' | 'monitor'>, everyReplica: boolean): Check {
  const states = partitionGroups().map((spec) => ({ spec, owned: ownedOf(spec, services, monitor, everyReplica) }));
  const of = (owned: boolean | null) => describeGroups(states.filter((one) => one.owned === owned).map(({ spec }) => spec));
  if (states.some(({ owned }) => owned === false)) return owners.fail(`Without owner: ${of(false)}.`, 'Does the service run (above)? A group is leased anew within 30 s. If it stays without owner, look for "lease" in the log of the service and start it again with `kill -TERM <pid>`.');
  return states.some(({ owned }) => owned === null) ? owners.unknown(`nobody said who owns ${of(null)}`) : owners.ok(`all ${states.length} groups of ${listed([...new Set(states.map(({ spec }) => spec.consumer))])} have owners`);
}

/** The writer of the log holds no lease; it has a check of its own. */
const partitionGroups = (): (ConsumerSpec & { identity: string })[] => Object.values(accessDocuments).flatMap((access) => consumersOf(access).filter(({ ack }) => ack !== 'all').map((spec) => ({ ...spec, identity: access.identity })));

function ownedOf({ name, consumer, group, identity }: ConsumerSpec & { identity: string }, services: readonly ServiceVitals[], monitor: RunningEvidence['monitor'], everyReplica: boolean): boolean | null {
  const mine = services.filter(({ report }) => report.service === identity);
  const leases = samples(mine, 'granary_partition_lease_owned').filter(({ labels }) => labels['consumer'] === consumer && labels['group'] === String(group));
  if (leases.some(({ value }) => value === 1)) return true;
  // What it asked for before it hung stays open at the broker for a while.
  if (everyReplica && mine.length > 0 && !mine.some(answers)) return false;
  const durable = monitor?.state === 'answered' ? monitor.value.consumers.find((one) => one.name === name) : undefined;
  if (durable?.attended) return true;
  if (durable !== undefined || (everyReplica && leases.length > 0)) return false;
  // Of how many groups nobody is the owner, every replica knows from the table of leases.
  const without = samples(mine, 'granary_partitions_without_owner').filter(({ labels }) => labels['consumer'] === consumer).map(({ value }) => value);
  return without.length === 0 ? null : Math.max(...without) === 0;
}

function describeGroups(specs: readonly ConsumerSpec[]): string {
  return [...Map.groupBy(specs, ({ consumer }) => consumer)].map(([consumer, its]) => `${consumer} (${its.length === 1 ? 'group' : 'groups'} ${its.map(({ group }) => group).join(', ')})`).join(', ');
}

const lags = about({ name: 'lag', why: 'Users see older graphs than there are: by that many events and that much time.', runbook: 'ConsumerLagging' });

const [LATE_S, TOO_LATE_S] = [60, 300];
/** So many times the limit is more than a burst. */
const FAR = 100;

export function checkLag({ services, monitor }: Pick<RunningEvidence, 'services' | 'monitor'>, { lagEvents }: Pick<Limits, 'lagEvents'>): Check {
  const found = [...Map.groupBy(partitionGroups(), ({ consumer }) => consumer)].map(([consumer, specs]) => lagOf(consumer, specs, services, monitor));
  const unknown = found.filter(({ events }) => events === null);
  if (unknown.length > 0) return lags.unknown(`nobody said how far ${listed(unknown.map(({ consumer }) => consumer))} is`);
  const behind = found.filter(({ events, seconds }) => (events ?? 0) > lagEvents || (seconds ?? 0) > LATE_S);
  if (behind.length === 0) return lags.ok(`none is far behind (${found.map(({ consumer, events }) => `${consumer} ${formatCount(events ?? 0)}`).join(', ')})`);
  const finding = `${behind.map(({ consumer, events, seconds }) => `${consumer} is ${plural(events ?? 0, 'event')} behind, ${seconds === null ? 'for how long is not known' : `the oldest for ${formatDuration(seconds * 1000)}`}`).join('; ')}.`;
  const advice = 'Look again in a minute: if it shrinks, it is catching up. If not, look whether groups have owners (above), what is held (`granary held list`), and how busy service and database are.';
  return behind.some(({ events, seconds }) => (events ?? 0) > lagEvents * FAR || (seconds ?? 0) > TOO_LATE_S) ? lags.fail(finding, advice) : lags.warn(finding, advice);
}

function lagOf(consumer: string, specs: readonly ConsumerSpec[], services: readonly ServiceVitals[], monitor: RunningEvidence['monitor']): { consumer: string; events: number | null; seconds: number | null } {
  const own = (name: string) => samples(services, name).filter(({ labels }) => labels['consumer'] === consumer).map(({ value }) => value);
  const [pending, ages] = [own('granary_consumer_pending'), own('granary_consumer_oldest_seconds')];
  const stored = monitor?.state === 'answered' ? monitor.value.consumers.filter(({ name }) => specs.some((spec) => spec.name === name)) : [];
  const events = stored.length > 0 ? stored.reduce((sum, one) => sum + one.pending, 0) : pending.length > 0 ? pending.reduce((sum, one) => sum + one, 0) : null;
  return { consumer, events, seconds: ages.length === 0 ? null : Math.max(...ages) };
}

const held = about({ name: 'held events', why: 'What these events say has no effect yet, and later events of the same key wait behind them; other keys go on.', runbook: 'EventsHeld' });

export function checkHeld(services: readonly ServiceVitals[], answer: RunningEvidence['held'], now: Date): Check {
  const counted = { dead: countOf(services, 'dead'), held: (countOf(services, 'held') ?? 0) + (countOf(services, 'waiting') ?? 0) };
  const rows = answer.state === 'answered' ? answer.value : [];
  const deadRows = rows.filter(({ state }) => state === 'dead');
  // The figures count all tenants, the list is of the own one.
  const dead = Math.max(counted.dead ?? 0, deadRows.length);
  const rest = Math.max(counted.held, rows.length - deadRows.length);
  const who = (those: typeof rows) => (those.length === 0 ? '' : ` by ${listed([...new Set(those.map(({ consumer }) => consumer))])}, ${plural(new Set(those.map(({ tenant, key }) => `${tenant}.${key}`)).size, 'key')}, the first ${formatSince(those.map(({ heldAt }) => heldAt).sort()[0] ?? '', now)} ago`);
  const [example] = deadRows.length > 0 ? deadRows : rows;
  const why = example ? ` (${example.code}: ${example.message})` : '';
  const elsewhere = answer.state === 'failed' ? ` Which ones is not known: ${answer.why}.` : '';
  if (dead > 0) return held.fail(`${plural(dead, 'event')} given up (dead)${who(deadRows)}${why}; ${formatCount(rest)} more held.${elsewhere}`, 'See why with `granary held list --state dead`; when the cause is mended, `granary held redrive <consumer> <position>`, else `granary held discard`.', { runbook: 'EventsDead' });
  if (rest > 0) return held.warn(`${plural(rest, 'event')} held${who(rows)}${why}, tried again by themselves.${elsewhere}`, 'See why with `granary held list`; most go by themselves when what they wait for is back.');
  // The others have no consumers, and say so.
  const silent = heldOwners(accessDocuments).filter((owner) => countOf(services.filter(({ report }) => report.service === owner), 'dead') === null);
  if (answer.state === 'failed' && silent.length > 0) return held.unknown(`${listed(silent)} did not say; ${answer.why}`);
  return held.ok('none');
}

// Every replica sees the same rows.
function countOf(services: readonly ServiceVitals[], state: string): number | null {
  const perService = [...byService(services).values()].map((replicas) => samples(replicas, 'granary_events_held').filter(({ labels }) => labels['state'] === state).map(({ value }) => value)).filter((values) => values.length > 0);
  return perService.length === 0 ? null : perService.reduce((sum, values) => sum + Math.max(...values), 0);
}

const log = about({ name: 'event log', why: 'The record of what happened lags behind: searches, the audit and whoever follows the log see it later. Events wait in the stream, for 14 days at most.', runbook: 'LogWriterBehind' });

const [LOG_LATE_S, LOG_TOO_LATE_S] = [20, 60];
const [MARGIN_S, NO_MARGIN_S] = [7 * 86_400, 3 * 86_400];

export function checkEventLog({ services, monitor }: Pick<RunningEvidence, 'services' | 'monitor'>, { lagEvents }: Pick<Limits, 'lagEvents'>, everyReplica: boolean, logs: LogHint): Check {
  const audit = services.filter(({ report }) => report.service === 'audit');
  const stored = monitor?.state === 'answered' ? monitor.value.consumers.find(({ name }) => name === 'audit-log') : undefined;
  const states = samples(audit, 'granary_event_log_writer').filter(({ value }) => value === 1).map(({ labels }) => labels['state']);
  const lag = stored?.pending ?? sumOver(audit, 'granary_event_log_lag_messages');
  const behind = lag === null ? 'how far behind is not known' : `${plural(lag, 'event')} behind the stream`;
  if (states.includes('conflict')) return log.fail(`The writer has stopped, because stream and log contradict each other; ${behind}.`, 'Do not delete anything. `granary status` names the position; the runbook says how to find out which of the two is right.', { runbook: 'LogDiffersFromStream' });
  if (!states.includes('writing')) return notWriting(states, audit, behind, everyReplica, logs);
  const margin = minimum(audit, 'granary_event_log_retention_margin_seconds');
  if (margin !== null && margin < MARGIN_S) {
    const finding = `The stream may throw away events that are not logged in ${formatDuration(margin * 1000)}; ${behind}.`;
    return margin < NO_MARGIN_S ? log.fail(finding, 'Let the writer catch up before anything else.', { runbook: 'LogRetentionNear' }) : log.warn(finding, 'Let the writer catch up soon.', { runbook: 'LogRetentionNear' });
  }
  const seconds = Math.max(0, ...samples(audit, 'granary_event_log_lag_seconds').map(({ value }) => value));
  const since = seconds > 0 ? `, last complete ${formatDuration(seconds * 1000)} ago` : '';
  const advice = `Look again in a minute; if it grows, see why with ${logs(['audit'])}, and how busy the database is.`;
  if ((lag ?? 0) > lagEvents * FAR || seconds > LOG_TOO_LATE_S) return log.fail(`${capital(behind)}${since}.`, advice);
  return (lag ?? 0) > lagEvents || seconds > LOG_LATE_S ? log.warn(`${capital(behind)}${since}.`, advice) : log.ok(`it is written, ${behind}`);
}

function notWriting(states: readonly (string | undefined)[], audit: readonly ServiceVitals[], behind: string, everyReplica: boolean, logs: LogHint): Check {
  const advice = `Once audit, database and broker are there the writer goes on by itself within seconds; what it waits for: ${logs(['audit'])}.`;
  if (audit.length === 0) return log.unknown('no service audit is named');
  if (!audit.some(answers)) return log.fail(`Nobody writes it, audit does not answer; ${behind}.`, advice);
  if (states.length === 0) return log.unknown('audit did not say whether it writes');
  if (!everyReplica && states.includes('standby')) return log.unknown('the replica of audit that was asked is on standby; whether another one writes shows only when all of them stand in GRANARY_SERVICES');
  return log.fail(`Nobody writes it (${listed(states.map(String))}), it has no leader; ${behind}.`, advice);
}

const proof = about({ name: 'log proof', why: 'The record can no longer be proven to be what happened.', runbook: 'LogDiffersFromStream' });

export function checkLogProof(services: readonly ServiceVitals[], logs: LogHint): Check {
  const audit = services.filter(({ report }) => report.service === 'audit');
  const state = samples(audit, 'granary_event_log_checkpoint_state').find(({ value }) => value === 1)?.labels['state'];
  const differences = samples(audit, 'granary_event_log_differences_total').filter(({ value }) => value > 0);
  const altered = sumOver(audit, 'granary_audit_log_altered_total') ?? 0;
  if (altered > 0) return proof.fail('Rows of the log are not those that its tree was made of: somebody changed them.', 'Stop whoever can write to the database, keep everything as it is, and follow the runbook.', { runbook: 'LogAltered' });
  if (state === 'contradicts') return proof.fail('The log contradicts the newest checkpoint that is kept outside of the database: it was changed, or an older database was put in its place.', 'Keep everything as it is, and follow the runbook.', { runbook: 'LogAltered' });
  if (differences.length > 0) return proof.fail(`Log and stream differ: ${differences.map(({ labels, value }) => `${labels['kind'] ?? 'unknown'} at ${plural(value, 'position')}`).join(', ')}.`, 'Keep everything as it is, and follow the runbook.');
  if (state === 'failing' || state === 'behind') return proof.warn(`The newest checkpoint is not kept outside of the database (${state}).`, `See why with ${logs(['audit'])}: mostly the folder or bucket of the checkpoints cannot be written.`, { runbook: 'CheckpointMissing' });
  return state === undefined ? proof.unknown('audit did not say') : proof.ok('log, stream and checkpoints agree');
}

function minimum(services: readonly ServiceVitals[], name: string): number | null {
  const values = samples(services, name).map(({ value }) => value).filter(Number.isFinite);
  return values.length === 0 ? null : Math.min(...values);
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Everything that flows, in the order in which one trouble leads to another. */
export function checkFlow({ now, limits, place }: Pick<Evidence, 'now' | 'limits' | 'place'>, running: RunningEvidence): Check[] {
  const { services } = running;
  const everyReplica = place.chosenBy !== 'GRANARY_SERVICES';
  const logs = logHint(place);
  return [
    checkRelays(services, everyReplica),
    checkOutboxes(services),
    checkRefused(services, running.dead, now),
    checkOwners(running, everyReplica),
    checkLag(running, limits),
    checkHeld(services, running.held, now),
    checkEventLog(running, limits, everyReplica, logs),
    checkLogProof(services, logs),
  ];
}
