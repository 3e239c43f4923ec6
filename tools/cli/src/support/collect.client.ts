import { globSync, readFileSync, readdirSync } from 'node:fs';
import { hostname, release, type as systemType, uptime, loadavg } from 'node:os';
import { join } from 'node:path';
import { accessDocuments, type RpcOperation, type RpcShapes } from '@granary/contracts';
import { layoutOf } from '@granary/embedded';
import { version } from '../../package.json';
import { renderChecks } from '../doctor/check';
import { diagnose } from '../doctor/diagnose';
import { DEFAULT_LIMITS, type Evidence, factsOf } from '../doctor/evidence';
import { gather, inTime } from '../doctor/gather.client';
import { endOfFile } from '../doctor/log-end.client';
import { answered } from '../doctor/measure.client';
import { heldOwners } from '../held/owners';
import { openAccess } from '../identity/access.client';
import { readSession } from '../identity/session.store';
import { outboxServices } from '../outbox/services';
import type { ReachablePlatform } from '../platform/place';
import type { Call } from '../shell/command';
import { toJson } from '../shell/json';
import { createStyle } from '../shell/style';
import { readText } from '../status/service-report.client';
import type { Part } from './bundle';
import { linesSince } from './log-lines';
import { secretsIn, shownSettings, textsIn } from './scrub';

const LOG_BYTES = 2_000_000;
const MOST_LISTED = 100;

/** Everything worth looking at, whatever of it can be got. */
export async function collect(call: Call, since: Date): Promise<{ parts: Part[]; evidence: Evidence }> {
  const { shell, place } = call;
  const { folder, platform } = place();
  const evidence = await gather(call, DEFAULT_LIMITS);
  const [lists, logs, broker] = await Promise.all([collectLists(call), collectLogs(folder, platform, since), collectBroker(platform)]);
  const checks = diagnose(evidence, version);
  return {
    evidence,
    parts: [
      { path: 'doctor.txt', text: `${renderChecks(checks, createStyle(false))}\n` },
      json('doctor.json', checks),
      json('machine.json', machineOf(evidence, platform)),
      json('versions.json', versionsOf(evidence)),
      json('configuration/command.json', shownSettings(shell.env)),
      platform === null ? { path: 'configuration/platform.json', why: 'Granary is not running' } : json('configuration/platform.json', platform),
      ...settingsOf(platform),
      ...servicesOf(evidence),
      ...broker,
      ...lists,
      ...logs,
    ],
  };
}

/** The credentials that are known here, so that none of them is given away whatever it looks like. */
export function knownSecrets({ shell, place }: Call): string[] {
  const { folder, platform } = place();
  const session = readSession(folder);
  const files = [layoutOf(folder).credentials, ...globSync('services/*/*.key', { cwd: folder }).map((path) => join(folder, path))];
  return [...files.flatMap(secretsOfFile), ...textsIn([session?.accessToken, session?.refreshToken, platform?.operator.password, platform?.auth, platform?.publishers?.map(({ password }) => password)]), ...secretsIn(shell.env), ...processesOf(platform).flatMap(({ pid }) => secretsIn(environmentOf(pid) ?? {}))];
}

// A file that cannot be read gives nothing away either.
function secretsOfFile(path: string): string[] {
  try {
    const bytes = readFileSync(path);
    const text = bytes.toString('utf8').trim();
    return path.endsWith('.json') ? textsIn(JSON.parse(text)) : [text, bytes.toString('base64'), bytes.toString('hex')];
  } catch {
    return [];
  }
}

const json = (path: string, value: unknown): Part => ({ path, text: `${toJson(value, 2)}\n` });

function machineOf({ disk, memory }: Evidence, platform: ReachablePlatform | null): object {
  return { host: hostname(), upSeconds: Math.round(uptime()), load: loadavg(), disk, memory, processes: processesOf(platform).map(({ name, pid }) => ({ name, pid, ...figuresOf(pid) })) };
}

function versionsOf({ git, platform }: Evidence): object {
  const monitor = platform?.monitor?.state === 'answered' ? platform.monitor.value.version : null;
  const services = platform?.services.map((service) => ({
    name: service.report.name, version: service.report.version, build: service.status?.['build'] ?? null,
    broker: factsOf(service, 'broker')['server'] ?? null, database: factsOf(service, 'database')['server'] ?? null,
    migrations: { applied: factsOf(service, 'database')['migrations'] ?? null, pending: factsOf(service, 'database')['pending'] ?? null, ahead: factsOf(service, 'database')['ahead'] ?? null },
  }));
  return { granary: version, node: process.version, system: `${systemType()} ${release()} ${process.arch}`, git, broker: monitor, services: services ?? [] };
}

function processesOf(platform: ReachablePlatform | null): { name: string; pid: number }[] {
  if (platform === null) return [];
  const { pid, nats, database, services } = platform;
  const all: [string, number | null][] = [['granary up', pid], ['nats', nats.pid], ['postgres', database.pid], ...Object.entries(services).map(([name, service]): [string, number | null] => [name, service.pid])];
  return all.flatMap(([name, id]) => (id === null ? [] : [{ name, pid: id }]));
}

/** What the system knows of a process; only Linux tells it without another program. */
function figuresOf(pid: number): object {
  try {
    const fields = new Map(readFileSync(`/proc/${pid}/status`, 'utf8').split('\n').map((line) => line.split(/:\s+/, 2) as [string, string]));
    return { state: fields.get('State'), resident: fields.get('VmRSS'), peak: fields.get('VmHWM'), threads: fields.get('Threads'), files: readdirSync(`/proc/${pid}/fd`).length };
  } catch {
    return { state: 'not known' };
  }
}

function environmentOf(pid: number): Record<string, string> | null {
  try {
    return Object.fromEntries(readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const));
  } catch {
    return null;
  }
}

/** The settings that each service runs with. */
function settingsOf(platform: ReachablePlatform | null): Part[] {
  return Object.entries(platform?.services ?? {}).map(([name, { pid }]) => {
    const path = `configuration/${name}.json`;
    const env = pid === null ? null : environmentOf(pid);
    return env === null ? { path, why: pid === null ? 'its process is not on this machine, or does not run' : `the system does not show the environment of process ${pid}` } : json(path, shownSettings(env));
  });
}

function servicesOf({ platform }: Evidence): Part[] {
  return (platform?.services ?? []).flatMap(({ report, status, metrics }): Part[] => {
    const [health, page] = [`services/${report.name}.status.json`, `services/${report.name}.metrics.txt`];
    return [status === null ? { path: health, why: 'the service does not answer' } : json(health, status), metrics === null ? { path: page, why: 'the service does not answer' } : { path: page, text: metrics }];
  });
}

const BROKER_PAGES = { 'server.json': 'varz', 'streams.json': 'jsz?accounts=true&streams=true&consumers=true&config=true', 'connections.json': 'connz' };

async function collectBroker(platform: ReachablePlatform | null): Promise<Part[]> {
  const url = platform?.nats.monitorUrl ?? null;
  return Promise.all(Object.entries(BROKER_PAGES).map(async ([file, page]): Promise<Part> => {
    const path = `broker/${file}`;
    if (url === null) return { path, why: platform === null ? 'Granary is not running' : 'it is not known where the broker is monitored (GRANARY_NATS_MONITOR_URL)' };
    const text = await readText(`${url}/${page}`);
    return text === null ? { path, why: `${url} does not answer` } : { path, text };
  }));
}

async function collectLists(call: Call): Promise<Part[]> {
  const connected = await answered(call.client());
  const ask = async <O extends RpcOperation>(path: string, operation: O, request: RpcShapes[O]['request']): Promise<Part> => {
    if (connected.state === 'failed') return { path: `lists/${path}.json`, why: connected.why };
    const answer = await answered(inTime(connected.value).call(operation, request));
    return answer.state === 'failed' ? { path: `lists/${path}.json`, why: answer.why } : json(`lists/${path}.json`, answer.value);
  };
  const limit = MOST_LISTED;
  return Promise.all([
    ask('log', 'audit.log.status', {}),
    ask('repositories', 'harvester.repository.list', { limit }),
    ask('jobs', 'harvester.job.list', { limit }),
    ask('replays', 'audit.replay.list', { limit }),
    backups(call),
    ask('cycles', 'cache-janitor.cycle.list', { limit }),
    ...heldOwners(accessDocuments).map((owner) => ask(`held.${owner}`, `${owner}.held.list`, { limit })),
    ...outboxServices(accessDocuments).map((service) => ask(`refused.${service}`, `${service}.outbox.list`, { limit })),
  ]);
}

// They are of the platform, not of a tenant.
async function backups(call: Call): Promise<Part> {
  const answer = await answered(openAccess(call, 'platform').then((access) => access.call('cache-janitor.backup.list', {})));
  return answer.state === 'failed' ? { path: 'lists/backups.json', why: answer.why } : json('lists/backups.json', answer.value);
}

async function collectLogs(folder: string, platform: ReachablePlatform | null, since: Date): Promise<Part[]> {
  if (platform !== null && platform.pid === null) return [{ path: 'logs', why: 'they lie where the platform runs; add `docker compose logs` or `kubectl logs`, and look through them before you give them away' }];
  const names = globSync('*.log', { cwd: join(folder, 'logs') }).sort();
  if (names.length === 0) return [{ path: 'logs', why: `there is none in ${join(folder, 'logs')}` }];
  return Promise.all(names.map(async (name): Promise<Part> => {
    const path = `logs/${name}`;
    const lines = await answered(endOfFile(join(folder, 'logs', name), LOG_BYTES));
    return lines.state === 'failed' ? { path, why: lines.why } : { path, text: linesSince(lines.value, since).map((line) => `${line}\n`).join('') };
  }));
}
