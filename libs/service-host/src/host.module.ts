import { accessDocuments, type AccessDocument } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { createGauge, createLogger, createMetrics, createSlowWatch, type Logger, type LoggerOptions, type SlowKind } from '@granary/observability';
import { v7 } from 'uuid';
import packageJson from '../package.json';
import { baseSettings, databaseSettings, type BaseConfig, type DatabaseConfig } from './config/base-config';
import { readConfig, type ConfigSchema, type Environment } from './config/read-config';
import type { Host, ServiceDefinition } from './definition';
import { createProbe } from './health/probe';
import { createVitals, type Vitals } from './health/vitals';
import { startHttp } from './http/http.module';
import { createShutdown, type Shutdown, type StopReport } from './lifecycle/shutdown';
import { watchCertificates } from './tls/certificates.worker';
import { tlsProblems } from './tls/tls-problems.client';
import { startParts } from './parts/parts.module';
import { startTelemetry } from './telemetry';

export interface Surroundings {
  /** Where log lines go; standard output when left out. */
  readonly destination?: LoggerOptions['destination'];
  readonly now?: () => Date;
}

/** A service on its way up. */
export interface Launch<C extends object = object> {
  readonly log: Logger;
  /** Resolves when it listens, long before it is ready. */
  readonly url: Promise<string>;
  /** Resolves when it does its work. Rejects when it cannot start, or is stopped before. */
  readonly ready: Promise<Host<C>>;
  /** Has it take no more work and finish what it has; it goes on answering until it is stopped. Every caller gets the same answer. */
  drain(): Promise<void>;
  /** Stops it in order, from whatever state, within the configured time. Every caller gets the same answer. */
  stop(): Promise<StopReport>;
}

type FullConfig<C> = Readonly<C & BaseConfig & DatabaseConfig>;

/**
 * Begins to start a service.
 * @throws Fault `invalid-config`, whose message lists every problem of the environment
 */
export function launchService<C extends object>(definition: ServiceDefinition<C>, env: Environment, { destination, now = () => new Date() }: Surroundings = {}): Launch<C> {
  const config = configOf(definition, env, now());
  const log = createLogger({ service: definition.name, level: config.logLevel, ...(destination === undefined ? {} : { destination }) });
  const shutdown = createShutdown(log);
  const probe = createProbe();
  const version = packageJson.version;
  const vitals = createVitals({ service: definition.name, version, probe, now, ...(config.build !== undefined && { build: config.build }) });
  const aborting = new AbortController();
  const url = Promise.withResolvers<string>();

  const start = async (): Promise<Host<C>> => {
    const begun = performance.now();
    const metrics = createMetrics(definition.name);
    const tracing = startTelemetry({ service: definition.name, version, config, metrics, log });
    shutdown.add({ name: 'telemetry', stop: tracing.stop });
    createGauge(metrics, { name: 'granary_service_ready', help: '1 while the service wants work', read: () => (vitals.phase().state === 'ready' ? 1 : 0) });
    createGauge(metrics, { name: 'granary_service_draining', help: '1 from the request to drain until the service stops.', read: () => (vitals.phase().state.startsWith('drain') ? 1 : 0) });
    createGauge(metrics, { name: 'granary_build_info', help: '1 for the version that runs', labels: { version: [version] } }).set({ version }, 1);
    const slow = createSlowWatch({ metrics, log, thresholds: slowFrom(definition, config) });
    const http = await startHttp({ host: config.httpHost, port: config.httpPort, tenant: config.tenant, vitals, metrics, log, slow, newId: v7, ...(definition.limits && { limits: definition.limits(config) }) });
    shutdown.add({ name: 'http', stop: http.close });
    shutdown.add({ name: 'certificates', stop: watchCertificates({ config, metrics, log }).stop });
    url.resolve(http.url);
    log.info({ url: http.url, version, node: process.version }, 'service starting');

    const host = await startParts({ definition, access: accessOf(definition), config, log, metrics, slow, http, probe, vitals, shutdown, signal: aborting.signal, now });
    vitals.move({ state: 'ready' });
    log.info({ url: http.url, ms: Math.round(performance.now() - begun) }, 'service ready');
    return host;
  };

  const ready = start();
  ready.catch(url.reject);
  // Whoever waits for the service hears of it through `ready`; nobody has to wait for the address.
  url.promise.catch(() => undefined);
  let stopping: Promise<StopReport> | null = null;
  let draining: Promise<void> | null = null;
  return {
    log,
    url: url.promise,
    ready,
    drain() {
      draining ??= drain({ vitals, shutdown, ready, log });
      return draining;
    },
    stop() {
      stopping ??= stop({ vitals, aborting, shutdown, ready, log, timeoutMs: config.shutdownTimeoutMs });
      return stopping;
    },
  };
}

/** What of a service can be slow, and from when on it is. */
function slowFrom<C extends object>(definition: ServiceDefinition<C>, config: FullConfig<C>): Readonly<Partial<Record<SlowKind, number>>> {
  return {
    http: config.slowHttpMs,
    rpc: config.slowRpcMs,
    ...(definition.database !== 'none' && { database: config.slowDatabaseMs }),
    ...(handles(accessOf(definition)) && { handler: config.slowHandlerMs }),
    ...definition.slow?.(config),
  };
}

/** Whether it has handlers of events; who reads everything does so in another way. */
const handles = ({ consumes }: AccessDocument): boolean => consumes.some(({ types }) => types[0] !== '*');

interface Stopping {
  readonly vitals: Vitals;
  readonly aborting: AbortController;
  readonly shutdown: Shutdown;
  readonly ready: Promise<unknown>;
  readonly log: Logger;
  readonly timeoutMs: number;
}

async function drain({ vitals, shutdown, ready, log }: Pick<Stopping, 'vitals' | 'shutdown' | 'ready' | 'log'>): Promise<void> {
  // What is still starting begins its work first, and then ends it like the rest.
  vitals.move({ state: 'draining', unfinished: ['start-up'] });
  await ready;
  const begun = performance.now();
  await shutdown.drain((unfinished) => {
    vitals.move({ state: 'draining', unfinished });
    log.info({ unfinished }, 'service draining');
  });
  vitals.move({ state: 'drained' });
  log.info({ ms: Math.round(performance.now() - begun) }, 'service drained; it answers until it is stopped');
}

async function stop({ vitals, aborting, shutdown, ready, log, timeoutMs }: Stopping): Promise<StopReport> {
  vitals.move({ state: 'stopping' });
  log.info('service stopping');
  aborting.abort(Fault.transient('stopped', 'the service is stopped'));
  // A start that is still under way ends first; what it leaves behind is stopped after it.
  shutdown.add({ name: 'start-up', stop: () => ready.catch(() => undefined) });
  const report = await shutdown.run(timeoutMs);
  if (report.unfinished.length === 0) log.info({ ms: report.ms }, 'service stopped');
  else log.error({ ...report, timeoutMs }, `service stopped without waiting any longer for: ${report.unfinished.join(', ')}`);
  return report;
}

function configOf<C extends object>({ name, config, database }: ServiceDefinition<C>, env: Environment, now: Date): FullConfig<C> {
  const schema = { ...baseSettings, ...(database === 'none' ? {} : databaseSettings), ...config } as unknown as ConfigSchema<FullConfig<C>>;
  const reading = readConfig(schema, env);
  const problems = reading.ok ? tlsProblems(reading.config, now) : reading.problems;
  if (reading.ok && problems.length === 0) return reading.config as FullConfig<C>;
  const head = problems.length === 1 ? 'a setting is wrong' : `${problems.length} settings are wrong`;
  throw Fault.permanent('invalid-config', `${name} cannot start: ${head}\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
}

function accessOf({ name, access }: Pick<ServiceDefinition<never>, 'name' | 'access'>): AccessDocument {
  const document = access ?? accessDocuments[name];
  if (document === undefined) throw Fault.permanent('no-access-document', `there is no contracts/access/${name}.json: every service has one, even when it neither publishes nor reads events`);
  return document;
}
