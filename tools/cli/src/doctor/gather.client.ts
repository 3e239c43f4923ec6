import { type Client, latestEvents } from '@granary/client';
import { accessDocuments, type Held, type Repository } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { listAll } from '../held/held.handler';
import { listRefused } from '../outbox/outbox.handler';
import { outboxServices } from '../outbox/services';
import type { ReachablePlatform } from '../platform/place';
import type { Call } from '../shell/command';
import { collectPages } from '../shell/pages';
import { type AskedService, askServices, readText } from '../status/service-report.client';
import type { Answered, BrokerReport, Evidence, Limits, RunningEvidence, ServiceVitals } from './evidence';
import { endOfFile } from './log-end.client';
import { lastErrorIn } from './logs';
import { answered, gitVersion, lookAtProcesses, measureDisk, measureMemory, reachDatabase } from './measure.client';
import { brokerReport } from './monitor';

const MOST_LISTED = 1_000;
/** Shorter than what `answered` waits, so that one service that hangs does not take the answers of the others with it. */
const CALL_MS = 4_000;
const LOG_BYTES = 256_000;
const RECENT_MS = 900_000;

/** Looks at everything side by side. Whatever is down or hangs, it takes a few seconds and says so. */
export async function gather(call: Call, limits: Limits): Promise<Evidence> {
  const place = call.place();
  const [git, disk, platform] = await Promise.all([gitVersion(), measureDisk(place.folder), place.platform ? gatherRunning(call, place.platform) : null]);
  return { now: call.shell.now(), limits, place, git, disk, memory: measureMemory(), platform };
}

async function gatherRunning(call: Call, platform: ReachablePlatform): Promise<RunningEvidence> {
  const now = () => call.shell.now();
  const { nats, database } = platform;
  const [services, monitor, reached, asked] = await Promise.all([
    askServices(platform, now).then((all) => Promise.all(all.map((one) => vitalsOf(one, platform, now())))),
    nats.monitorUrl === null ? null : askMonitor(nats.monitorUrl, now),
    database.url === '' ? null : reachDatabase(database.url),
    askPlatform(call),
  ]);
  return { processes: lookAtProcesses(platform), services, monitor, database: reached, ...asked };
}

async function vitalsOf({ report, status, metrics, between: [asked, at] }: AskedService, { services }: ReachablePlatform, now: Date): Promise<ServiceVitals> {
  const body = typeof status === 'object' && status !== null ? (status as Record<string, unknown>) : null;
  const theirs = Date.parse(String(body?.['now'] ?? ''));
  const path = services[report.name]?.log ?? '';
  const troubled = report.health === 'away' || report.restarts > 0;
  const lines = troubled && path !== '' ? await endOfFile(path, LOG_BYTES).catch(() => []) : [];
  return {
    report,
    status: body,
    metrics,
    clock: Number.isNaN(theirs) ? null : { aheadMs: Math.round(theirs - (asked + at) / 2), uncertainMs: (at - asked) / 2 },
    lastError: lastErrorIn(lines, new Date(now.getTime() - RECENT_MS)),
  };
}

/** What the broker's monitoring tells of the stream; it needs no account. */
export async function askMonitor(url: string, now: () => Date): Promise<Answered<BrokerReport>> {
  const asked = now().getTime();
  const stream = readText(`${url}/jsz?accounts=true&streams=true&consumers=true`).then((text) => ({ text, at: now().getTime() }));
  const [{ text, at }, varz] = await Promise.all([stream, readText(`${url}/varz`)]);
  if (text === null) return { state: 'failed', why: `${url} does not answer` };
  return answered(Promise.resolve().then(() => brokerReport(JSON.parse(text), varz === null ? null : JSON.parse(varz), [asked, at])));
}

type Asked = Pick<RunningEvidence, 'broker' | 'held' | 'dead' | 'repositories' | 'newest'>;

async function askPlatform(call: Call): Promise<Asked> {
  const begun = performance.now();
  const connected = await answered(call.client());
  if (connected.state === 'failed') return { broker: connected, held: connected, dead: connected, repositories: connected, newest: connected };
  const client = inTime(connected.value);
  const broker: Asked['broker'] = { state: 'answered', value: { roundTripMs: Math.round(performance.now() - begun) } };
  const [held, dead, repositories, newest] = await Promise.all([
    answered(heldEvents({ client: () => Promise.resolve(client) })),
    answered(deadAnnouncements(client)),
    answered(watched(client)),
    answered(latestEvents(client, {}, 1).then((latest) => latest.at(-1)?.event.time ?? null)),
  ]);
  return { broker, held, dead, repositories, newest };
}

/** The same client, whose calls do not wait long. */
export function inTime(client: Client): Client {
  return { ...client, call: (operation, request, options) => client.call(operation, request, { timeoutMs: CALL_MS, ...options }) };
}

async function heldEvents(call: Pick<Call, 'client'>): Promise<readonly Held[]> {
  const { held, unreachable } = await listAll(call, {}, MOST_LISTED);
  if (held.length === 0 && unreachable.length > 0) throw Fault.transient('service-unavailable', unreachable.map(({ message }) => message).join('; '));
  return held;
}

async function deadAnnouncements(client: Client) {
  const { refused, unreachable } = await listRefused(client, outboxServices(accessDocuments), MOST_LISTED);
  if (refused.length === 0 && unreachable.length > 0) throw Fault.transient('service-unavailable', unreachable.map(({ message }) => message).join('; '));
  return refused;
}

async function watched(client: Client): Promise<readonly Repository[]> {
  const { items } = await collectPages(MOST_LISTED, async (limit, cursor) => {
    const page = await client.call('harvester.repository.list', { limit, ...cursor });
    return { items: page.repositories, next: page.next };
  });
  return items;
}
