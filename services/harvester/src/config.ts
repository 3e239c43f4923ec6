import { normalize } from 'node:path';
import type { Reach } from '@granary/git';
import { bytes, duration, integer, text } from '@granary/service-host';
import type { ConfigOf } from '@granary/service-host';

/** What git and ssh may see of the service's own environment; nothing else reaches them, or the analysis workers. */
const passedOn = {
  PATH: text('PATH', { default: '/usr/local/bin:/usr/bin:/bin' }),
  HOME: text('HOME', { optional: true }),
  USER: text('USER', { optional: true }),
  LOGNAME: text('LOGNAME', { optional: true }),
  TMPDIR: text('TMPDIR', { optional: true }),
  SSH_AUTH_SOCK: text('SSH_AUTH_SOCK', { optional: true }),
  SSL_CERT_FILE: text('SSL_CERT_FILE', { optional: true }),
  SSL_CERT_DIR: text('SSL_CERT_DIR', { optional: true }),
  GIT_SSL_CAINFO: text('GIT_SSL_CAINFO', { optional: true }),
  http_proxy: text('http_proxy', { optional: true }),
  https_proxy: text('https_proxy', { optional: true }),
  HTTPS_PROXY: text('HTTPS_PROXY', { optional: true }),
  all_proxy: text('all_proxy', { optional: true }),
  ALL_PROXY: text('ALL_PROXY', { optional: true }),
  no_proxy: text('no_proxy', { optional: true }),
  NO_PROXY: text('NO_PROXY', { optional: true }),
};

/** The harvester's own settings. */
export const config = {
  paths: text('GRANARY_HARVESTER_PATHS', { default: '' }),
  hosts: text('GRANARY_HARVESTER_HOSTS', { default: '' }),
  harvests: integer('GRANARY_HARVESTER_JOBS', { default: 2, min: 1, max: 100 }),
  leaseMs: duration('GRANARY_HARVESTER_LEASE', { default: '15s', min: '1s', max: '10m' }),
  againMs: duration('GRANARY_HARVESTER_RETRY', { default: '5s', min: '10ms', max: '10m' }),
  anewMs: duration('GRANARY_HARVESTER_RETRY_FAILED', { default: '1m', min: '1s', max: '1h' }),
  lookMs: duration('GRANARY_HARVESTER_LOOK', { default: '500ms', min: '10ms', max: '1m' }),
  remoteTimeoutMs: duration('GRANARY_HARVESTER_REMOTE_TIMEOUT', { default: '8s', min: '100ms', max: '5m' }),
  fetchTimeoutMs: duration('GRANARY_HARVESTER_FETCH_TIMEOUT', { default: '15m', min: '1s', max: '1d' }),
  polls: integer('GRANARY_HARVESTER_POLLS', { default: 4, min: 1, max: 100 }),
  pollBusyMs: duration('GRANARY_HARVESTER_POLL_BUSY', { default: '15s', min: '100ms', max: '1h' }),
  pollQuietMs: duration('GRANARY_HARVESTER_POLL_QUIET', { default: '4m', min: '100ms', max: '1d' }),
  pollLocalBusyMs: duration('GRANARY_HARVESTER_POLL_LOCAL_BUSY', { default: '2s', min: '50ms', max: '1h' }),
  pollLocalQuietMs: duration('GRANARY_HARVESTER_POLL_LOCAL_QUIET', { default: '5s', min: '50ms', max: '1d' }),
  /** 0 takes all processors but one. */
  workers: integer('GRANARY_HARVESTER_WORKERS', { default: 0, min: 0, max: 256 }),
  workerMemory: bytes('GRANARY_HARVESTER_WORKER_MEMORY', { default: '512MiB' }),
  workerIdleMs: duration('GRANARY_HARVESTER_WORKER_IDLE', { default: '15s', min: '10ms', max: '1h' }),
  blobDeadlineMs: duration('GRANARY_HARVESTER_BLOB_DEADLINE', { default: '10s', min: '100ms', max: '10m' }),
  slowMs: duration('GRANARY_SLOW_HARVEST', { default: '5m', min: '1ms', max: '7d' }),
  repairMs: duration('GRANARY_HARVESTER_REPAIR', { default: '1h', min: '100ms', max: '7d' }),
  batchBytes: bytes('GRANARY_HARVESTER_BATCH', { default: '2MB' }),
  knownBytes: bytes('GRANARY_HARVESTER_KNOWN', { default: '128MiB' }),
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
