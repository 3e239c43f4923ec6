import { mkdirSync, rmSync, unwatchFile, watchFile } from 'node:fs';
import { join, resolve } from 'node:path';
import { Fault } from '@granary/faults';
import { layoutOf, readIfThere, readPlatformFile, removeIfThere, waitUntil, writePrivateFile, writePrivateJson, type Crash, type Environment, type Log } from '@granary/embedded';
import { firingAlerts, type Alert } from './alertmanager/alert';
import { renderAlertmanagerConfig } from './alertmanager/config';
import { startWebhook, type Webhook } from './alertmanager/webhook.client';
import { monitoringFileOf, type MonitoringFile } from './monitoring-file.store';
import { keepProgram, type KeptProgram } from './process/keep-program.client';
import { findMonitoring } from './programs/find-monitoring.client';
import { renderPrometheusConfig, renderTargets, type Targets } from './prometheus/config';
import { prometheusClient, type PrometheusClient } from './prometheus/query.client';
import type { RuleFile } from './rules.store';

export interface MonitoringSettings {
  /** The data folder of the platform whose services are scraped. They are followed when they come back elsewhere. */
  readonly dataDir: string;
  /** What to scrape besides. */
  readonly targets?: Targets;
  /** GRANARY_PROMETHEUS, GRANARY_ALERTMANAGER, PATH, and where the cache lies. */
  readonly env: Environment;
  readonly log: Log;
  readonly rules?: readonly RuleFile[];
  /** Between two scrapes and two evaluations; default 15 s. */
  readonly scrapeMs?: number;
  /** How long Alertmanager collects alerts of one name before it tells of them; default 10 s. */
  readonly groupMs?: number;
  /** How long figures are kept; default 90 days and 4 GB, whichever is reached first. */
  readonly keep?: { readonly days: number; readonly gigabytes: number };
  /** Where they listen when that is free; else, and without, anywhere on loopback. */
  readonly ports?: { readonly prometheus: number; readonly alertmanager: number };
  /** Told of each alert that fires or is over. */
  readonly onAlert?: (alert: Alert) => void;
  readonly onCrash?: (crash: Crash) => void;
  /** Aborts a start that is under way: what was started is stopped, and the start rejects. */
  readonly signal?: AbortSignal;
}

/** Prometheus and Alertmanager that run beside a platform. */
export interface Monitoring extends PrometheusClient {
  describe(): MonitoringFile;
  /** All alerts that fire, and those that are over, as they were told last. */
  alerts(): Promise<Alert[]>;
  /**
   * Waits until Alertmanager has an alert of this name that fires, or until it has told that the ones that fired are over.
   * @throws Fault `no-such-alert` that says which alerts there are
   */
  waitFor(name: string, state: Alert['state'], withinMs: number): Promise<Alert>;
  /** Waits until everything was scraped, and all rules evaluated on it, after this moment. @throws Fault `not-scraped` */
  settled(withinMs: number): Promise<void>;
  stop(): Promise<void>;
}

const LOOK_MS = 250;
const STOP_MS = 3_000;

/**
 * Starts Prometheus, which scrapes the services of a running platform, and Alertmanager on loopback, and keeps them running.
 * What they keep lies in the platform's data folder, in `monitoring/`.
 * @throws Fault `<program>-missing`, `<program>-unusable`, `<program>-start-failed`, `interrupted`
 */
export async function startMonitoring(settings: MonitoringSettings): Promise<Monitoring> {
  const { env, log, onAlert = () => undefined, signal } = settings;
  const dataDir = resolve(settings.dataDir);
  const folder = layoutOf(dataDir).monitoring;
  const programs = await findMonitoring({ programs: ['prometheus', 'prometheus-alertmanager'], env, log, signal });
  mkdirSync(folder, { recursive: true, mode: 0o700 });

  const told = new Map<string, Alert>();
  const webhook = await startWebhook((alert) => {
    told.set(alert.fingerprint, alert);
    onAlert(alert);
  });
  const stops: (() => Promise<void> | void)[] = [() => webhook.close()];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    const alertmanager = await startAlertmanager(settings, folder, programs['prometheus-alertmanager'].path, webhook);
    stops.push(() => alertmanager.stop(STOP_MS));
    stops.push(followPlatform(dataDir, join(folder, 'targets.json'), settings.targets ?? {}));
    const prometheus = await startPrometheus(settings, folder, programs.prometheus.path, alertmanager.address);
    stops.push(() => prometheus.stop(STOP_MS));

    const describe = (): MonitoringFile => ({
      pid: process.pid,
      prometheus: { url: prometheus.url, pid: prometheus.pid() },
      alertmanager: { url: alertmanager.url, pid: alertmanager.pid() },
    });
    const file = monitoringFileOf(dataDir);
    writePrivateJson(file, describe());
    stops.push(() => removeIfThere(file));
    return { ...prometheusClient(prometheus.url), ...alertsOf(alertmanager.url, told), settled: (withinMs) => settled(prometheusClient(prometheus.url), withinMs), describe, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startAlertmanager({ log, ports, groupMs = 10_000, onCrash = () => undefined, signal }: MonitoringSettings, folder: string, binary: string, webhook: Webhook): Promise<KeptProgram> {
  const file = join(folder, 'alertmanager.yml');
  writePrivateFile(file, renderAlertmanagerConfig({ webhook: webhook.url, groupMs, repeatMs: 4 * 3_600_000 }));
  return keepProgram({
    name: 'alertmanager',
    binary,
    folder: join(folder, 'alertmanager'),
    ...(ports && { port: ports.alertmanager }),
    args: (address) => [`--config.file=${file}`, `--storage.path=${join(folder, 'alertmanager')}`, `--web.listen-address=${address}`, '--cluster.listen-address=', '--log.format=json'],
    log,
    onCrash,
    signal,
  });
}

async function startPrometheus(settings: MonitoringSettings, folder: string, binary: string, alertmanager: string): Promise<KeptProgram> {
  const { log, rules = [], ports, scrapeMs = 15_000, keep = { days: 90, gigabytes: 4 }, onCrash = () => undefined, signal } = settings;
  const file = join(folder, 'prometheus.yml');
  const ruleFiles = writeRules(join(folder, 'rules'), rules);
  writePrivateFile(file, renderPrometheusConfig({ scrapeMs, targetsFile: join(folder, 'targets.json'), ruleFiles, alertmanager }));
  return keepProgram({
    name: 'prometheus',
    binary,
    folder: join(folder, 'prometheus'),
    ...(ports && { port: ports.prometheus }),
    args: (address) => [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(folder, 'prometheus')}`,
      `--storage.tsdb.retention.time=${keep.days}d`,
      `--storage.tsdb.retention.size=${keep.gigabytes}GB`,
      `--web.listen-address=${address}`,
      '--log.format=json',
    ],
    log,
    onCrash,
    signal,
  });
}

function writeRules(folder: string, rules: readonly RuleFile[]): string[] {
  rmSync(folder, { recursive: true, force: true });
  return rules.map(({ name, yaml }) => {
    const path = join(folder, name);
    writePrivateFile(path, yaml);
    return path;
  });
}

/** Writes down where the services are, now and whenever they come back elsewhere. A platform that has stopped stays in the list: it is down. */
function followPlatform(dataDir: string, targetsFile: string, others: Targets): () => void {
  const { platform } = layoutOf(dataDir);
  const look = () => {
    const services = readPlatformFile(dataDir)?.services;
    if (services === undefined && readIfThere(targetsFile) !== null) return;
    const found = Object.fromEntries(Object.entries(services ?? {}).map(([name, { url }]) => [name, url]));
    const text = renderTargets({ ...found, ...others });
    if (text !== readIfThere(targetsFile)) writePrivateFile(targetsFile, text);
  };
  removeIfThere(targetsFile);
  look();
  watchFile(platform, { interval: LOOK_MS, persistent: false }, look);
  return () => unwatchFile(platform, look);
}

function alertsOf(url: string, told: ReadonlyMap<string, Alert>): Pick<Monitoring, 'alerts' | 'waitFor'> {
  async function alerts(): Promise<Alert[]> {
    const firing = firingAlerts(await (await fetch(`${url}/api/v2/alerts?active=true&silenced=true&inhibited=true`)).json());
    const now = new Set(firing.map(({ fingerprint }) => fingerprint));
    return [...firing, ...[...told.values()].filter(({ state, fingerprint }) => state === 'resolved' && !now.has(fingerprint))];
  }
  return {
    alerts,
    async waitFor(name, state, withinMs) {
      let found: Alert | undefined;
      let seen: Alert[] = [];
      const isThere = async () => {
        seen = await alerts().catch(() => []);
        const ofName = seen.filter((alert) => alert.name === name);
        found = state === 'resolved' && ofName.some((alert) => alert.state === 'firing') ? undefined : ofName.find((alert) => alert.state === state);
        return found !== undefined;
      };
      await waitUntil(isThere, withinMs, 100);
      if (found !== undefined) return found;
      const others = seen.map((alert) => `${alert.name} (${alert.state})`).join(', ') || 'none';
      throw Fault.transient('no-such-alert', `no alert ${name} was ${state} within ${withinMs / 1000} s; there are ${others}`);
    },
  };
}

async function settled(prometheus: PrometheusClient, withinMs: number): Promise<void> {
  const begun = new Date();
  let late: string[] = [];
  const scraped = async () => {
    const targets = await prometheus.targets();
    late = targets.filter(({ lastScrape }) => lastScrape <= begun).map(({ labels }) => labels['instance'] ?? '');
    return targets.length > 0 && late.length === 0;
  };
  const deadline = performance.now() + withinMs;
  const isScraped = await waitUntil(scraped, withinMs, 100);
  const after = new Date();
  const evaluated = async () => {
    const groups = await prometheus.ruleGroups();
    late = groups.filter(({ lastEvaluation }) => lastEvaluation <= after).map(({ name }) => name);
    return late.length === 0;
  };
  if (isScraped && (await waitUntil(evaluated, deadline - performance.now(), 100))) return;
  throw Fault.transient('not-scraped', `Prometheus was not through within ${withinMs / 1000} s; missing are ${late.join(', ') || 'all targets'}`);
}
