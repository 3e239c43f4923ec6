import { normalize } from 'node:path';
import type { Reach } from '@granary/git';
import { bytes, duration, integer, text } from '@granary/service-host';
import type { ConfigOf } from '@granary/service-host';

/** What git and ssh may see of the service's own environment; nothing else reaches them, or the analysis workers. */
const passedOn = {
  PATH: text('PATH', 'where programs are looked for', { default: '/usr/local/bin:/usr/bin:/bin' }),
  HOME: text('HOME', 'passed on to programs that the service runs', { optional: true }),
  USER: text('USER', 'passed on to git and ssh', { optional: true }),
  LOGNAME: text('LOGNAME', 'passed on to git and ssh', { optional: true }),
  TMPDIR: text('TMPDIR', 'passed on to git and ssh', { optional: true }),
  SSH_AUTH_SOCK: text('SSH_AUTH_SOCK', 'the agent that ssh asks for keys', { optional: true }),
  SSL_CERT_FILE: text('SSL_CERT_FILE', 'passed on to git', { optional: true }),
  SSL_CERT_DIR: text('SSL_CERT_DIR', 'passed on to git', { optional: true }),
  GIT_SSL_CAINFO: text('GIT_SSL_CAINFO', 'passed on to git', { optional: true }),
  http_proxy: text('http_proxy', 'proxy of git', { optional: true }),
  https_proxy: text('https_proxy', 'proxy of git', { optional: true }),
  HTTPS_PROXY: text('HTTPS_PROXY', 'proxy of git', { optional: true }),
  all_proxy: text('all_proxy', 'proxy of git', { optional: true }),
  ALL_PROXY: text('ALL_PROXY', 'proxy of git', { optional: true }),
  no_proxy: text('no_proxy', 'hosts that git asks without a proxy', { optional: true }),
  NO_PROXY: text('NO_PROXY', 'hosts that git asks without a proxy', { optional: true }),
};

/** The harvester's own settings. */
export const config = {
  paths: text('GRANARY_HARVESTER_PATHS', 'folders of this machine that others than its operator may add repositories from, separated by commas', { default: '' }),
  hosts: text('GRANARY_HARVESTER_HOSTS', 'hosts that need not be public: names, addresses, `*.example.org`, separated by commas', { default: '' }),
  harvests: integer('GRANARY_HARVESTER_JOBS', 'harvests at the same time', { default: 2, min: 1, max: 100 }),
  leaseMs: duration('GRANARY_HARVESTER_LEASE', 'a job is taken over so long after its harvester was last heard of', { default: '15s', min: '1s', max: '10m' }),
  againMs: duration('GRANARY_HARVESTER_RETRY', 'before the second attempt of a job, doubled before the third', { default: '5s', min: '10ms', max: '10m' }),
  anewMs: duration('GRANARY_HARVESTER_RETRY_FAILED', 'before a new job after a failed one, doubled each time up to 1 h', { default: '1m', min: '1s', max: '1h' }),
  lookMs: duration('GRANARY_HARVESTER_LOOK', 'how often due polls and jobs are looked for', { default: '500ms', min: '10ms', max: '1m' }),
  remoteTimeoutMs: duration('GRANARY_HARVESTER_REMOTE_TIMEOUT', 'for a remote to say its newest commit', { default: '8s', min: '100ms', max: '5m' }),
  fetchTimeoutMs: duration('GRANARY_HARVESTER_FETCH_TIMEOUT', 'for a fetch', { default: '15m', min: '1s', max: '1d' }),
  polls: integer('GRANARY_HARVESTER_POLLS', 'polls at the same time', { default: 4, min: 1, max: 100 }),
  pollBusyMs: duration('GRANARY_HARVESTER_POLL_BUSY', 'the shortest time between two polls of a remote', { default: '15s', min: '100ms', max: '1h' }),
  pollQuietMs: duration('GRANARY_HARVESTER_POLL_QUIET', 'the longest time between two polls of a remote', { default: '4m', min: '100ms', max: '1d' }),
  pollLocalBusyMs: duration('GRANARY_HARVESTER_POLL_LOCAL_BUSY', 'the shortest time between two polls of a path on this machine', { default: '2s', min: '50ms', max: '1h' }),
  pollLocalQuietMs: duration('GRANARY_HARVESTER_POLL_LOCAL_QUIET', 'the longest time between two polls of a path on this machine', { default: '5s', min: '50ms', max: '1d' }),
  /** 0 takes all processors but one. */
  workers: integer('GRANARY_HARVESTER_WORKERS', 'analysis processes; 0 takes all processors but one', { default: 0, min: 0, max: 256 }),
  workerMemory: bytes('GRANARY_HARVESTER_WORKER_MEMORY', 'heap of each', { default: '512MiB' }),
  workerIdleMs: duration('GRANARY_HARVESTER_WORKER_IDLE', 'they end after so long without work', { default: '15s', min: '10ms', max: '1h' }),
  blobDeadlineMs: duration('GRANARY_HARVESTER_BLOB_DEADLINE', 'a worker that answers nothing for so long is killed', { default: '10s', min: '100ms', max: '10m' }),
  slowMs: duration('GRANARY_SLOW_HARVEST', 'the same for one attempt of a harvest', { default: '5m', min: '1ms', max: '7d' }),
  repairMs: duration('GRANARY_HARVESTER_REPAIR', 'before a blob that ended its worker is tried again, twice as long before the second time', { default: '1h', min: '100ms', max: '7d' }),
  batchBytes: bytes('GRANARY_HARVESTER_BATCH', 'content that a worker gets at once', { default: '2MB' }),
  knownBytes: bytes('GRANARY_HARVESTER_KNOWN', 'about what snapshots for re-harvests may take in memory, of all repositories together', { default: '128MiB' }),
  ...passedOn,
};

export type HarvesterConfig = ConfigOf<typeof config>;

/** The variables that are passed on, as far as they are set. */
export function inheritedEnvironment(settings: HarvesterConfig): Record<string, string> {
  const names = Object.keys(passedOn) as (keyof typeof passedOn)[];
  return Object.fromEntries(names.flatMap((name) => (settings[name] === undefined ? [] : [[name, settings[name]]])));
}

/** What may be fetched for those who do not run this machine. */
export function reachOf({ paths, hosts }: HarvesterConfig): Reach {
  return { paths: listOf(paths).map((path) => normalize(path)), hosts: listOf(hosts).map((host) => host.toLowerCase()) };
}

/** Whether another program looks up the names of git servers. */
export function isProxied({ http_proxy, https_proxy, HTTPS_PROXY, all_proxy, ALL_PROXY }: HarvesterConfig): boolean {
  return [http_proxy, https_proxy, HTTPS_PROXY, all_proxy, ALL_PROXY].some((proxy) => proxy !== undefined);
}

const listOf = (text: string): string[] => text.split(',').map((one) => one.trim()).filter((one) => one !== '');
