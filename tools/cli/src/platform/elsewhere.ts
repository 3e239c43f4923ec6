import { accessDocuments } from '@granary/contracts';
import { parseList } from '../shell/input';
import { usageFault } from '../shell/problem';
import type { ReachablePlatform } from './place';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The platform that the environment names, for where there is no data folder, as in containers; null when GRANARY_SERVICES is not set.
 * @throws Fault permanent `usage` that names what is missing
 */
export function platformElsewhere(env: Environment): ReachablePlatform | null {
  const listed = env['GRANARY_SERVICES'];
  if (!listed) return null;
  const required = (name: string): string => env[name] || missing(name);
  const database = env['GRANARY_DATABASE_URL'];
  return {
    pid: null,
    startedAt: null,
    nats: { url: required('GRANARY_NATS_URL'), monitorUrl: env['GRANARY_NATS_MONITOR_URL'] || null, pid: null },
    // Only host and port are of use: the operator has no role there.
    database: { url: database ? withoutUser(database) : '', pid: null },
    operator: { user: env['GRANARY_NATS_USER'] || 'operator', password: required('GRANARY_NATS_PASSWORD') },
    services: servicesOf(listed),
  };
}

/** `name=url` for each replica, separated by commas, or one URL in which `{service}` stands for the name of each service. The second replica of a name is called after its address. */
function servicesOf(listed: string): ReachablePlatform['services'] {
  const template = listed.includes('{service}') ? listed.trim() : null;
  const pairs = template ? serviceNames().map((name) => [name, template.replaceAll('{service}', name)] as const) : parseList(listed).map(parsePair);
  const seen = new Set<string>();
  return Object.fromEntries(pairs.map(([name, url]) => {
    const key = seen.has(name) ? `${name}@${hostOf(url)}` : name;
    seen.add(name);
    return [key, { pid: null, url: checked(url), restarts: 0, log: '' }];
  }));
}

const serviceNames = (): string[] => Object.values(accessDocuments).filter(({ serves, calls }) => serves.length > 0 || calls.includes('auth.service-token.issue')).map(({ identity }) => identity).sort();

function parsePair(pair: string): [string, string] {
  const [, name, url] = /^([a-z][a-z0-9-]*)=(.+)$/.exec(pair) ?? [];
  if (name === undefined || url === undefined) throw usageFault(`GRANARY_SERVICES: '${pair}' is not <service>=<url>; write audit=http://audit:8080,auth=http://auth:8080 or http://{service}:8080.`);
  return [name, url];
}

function checked(url: string): string {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) throw usageFault(`GRANARY_SERVICES: '${url}' is not an http or https address.`);
  return url.replace(/\/+$/, '');
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url);

function withoutUser(url: string): string {
  if (!URL.canParse(url)) throw usageFault('GRANARY_DATABASE_URL is not an address like postgres://host:5432/granary.');
  const { protocol, host, pathname, search } = new URL(url);
  return `${protocol}//${host}${pathname}${search}`;
}

function missing(name: string): never {
  throw usageFault(`GRANARY_SERVICES names services of a platform that runs elsewhere, but ${name} is not set: it says how to reach its broker as the operator.`);
}
