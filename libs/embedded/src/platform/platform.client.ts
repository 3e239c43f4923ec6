import { unwatchFile, watchFile } from 'node:fs';
import { accessDocuments, inboxPrefix } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { brokerTls, connectBroker, provision } from '@granary/messaging';
import type { Logger } from '@granary/observability';
import { writePrivateJson } from '../data-folder/private-file.store';
import type { Orphan } from '../data-folder/data-folder.store';
import { startEmbedded, type Embedded, type OwnServer } from '../embedded.client';
import type { NatsBinary } from '../nats/find-nats.client';
import { PROVISIONER } from '../nats/users';
import type { Child, Exit } from '../processes/child.client';
import { freePorts, portNear } from '../processes/free-port.client';
import type { Environment } from '../types';
import { keepService } from './keep-service.worker';
import { administratorOf } from './service-environment';
import type { PlatformFile } from './platform-file.store';
import { STOP_MS, stopOrder } from './stop-order';
import { supervise, type Supervised } from './supervise.worker';

/** What happens while a platform starts, runs and stops, for whoever shows it. */
export type PlatformEvent =
  | { type: 'orphan-stopped'; name: string; pid: number }
  | { type: 'nats-found'; path: string; version: string; from: NatsBinary['from'] }
  /** `ms` since the start of the platform. */
  | { type: 'ready'; name: string; ms: number }
  | { type: 'crashed'; name: string; exit: Exit | null; restarts: number; restartInMs: number }
  /** `killed` when it had to be, because it did not end in time. */
  | { type: 'stopped'; name: string; ms: number; killed: boolean };

export interface PlatformSettings {
  readonly dataDir: string;
  /** The starter's environment, handed on to the services. */
  readonly env: Environment;
  readonly services: readonly { readonly name: string; /** Path of the compiled main file. */ readonly entry: string; /** Where it listens, when that is free; else anywhere. */ readonly port?: number }[];
  /** A file that each service loads before its main file. */
  readonly preload?: string;
  readonly log: Logger;
  readonly onEvent?: (event: PlatformEvent) => void;
  /** Aborts a start that is under way: what was started is stopped, and the start rejects with Fault `interrupted`. */
  readonly signal?: AbortSignal;
  /** For tests only: neither broker nor database wait for the disk. */
  readonly fast?: boolean;
  /** Whether the broker syncs each write to disk before it acknowledges. Default true, unless `fast`. */
  readonly syncAlways?: boolean;
}

/** Who can log in after the first start. */
export interface Administrator {
  readonly tenant: string;
  readonly name: string;
  readonly password: string;
}

/** How often the list of foreign publishers is looked at. */
const LIST_LOOK_MS = 250;

export interface Platform {
  /** How to reach it at this moment; the same that `<data>/platform.json` holds. */
  describe(): PlatformFile;
  /** The administrator that was made, when this was the first start with the data folder; null later on. */
  readonly administrator: Administrator | null;
  /** Stops everything in order, at most 10 s. May be called more than once. */
  stop(): Promise<void>;
}

/**
 * Starts broker, database and services on this machine, waits until all of them are ready, and keeps them running.
 * @throws Fault of the servers (see `startEmbedded`), `service-start-failed` with the end of the service's log, `interrupted`
 */
export async function startPlatform(settings: PlatformSettings): Promise<Platform> {
  const { onEvent = () => undefined, signal } = settings;
  const begin = performance.now();
  const ready = (name: string) => onEvent({ type: 'ready', name, ms: Math.round(performance.now() - begin) });
  checkInterrupted(signal);
  const embedded = await startEmbedded({
    ...settings,
    services: settings.services.map(({ name }) => name),
    onOrphan: (orphan: Orphan) => onEvent({ type: 'orphan-stopped', ...orphan }),
    onNatsFound: (binary) => onEvent({ type: 'nats-found', ...binary }),
  });
  if (embedded.nats.server) ready('nats');
  if (embedded.postgres.server) ready('postgres');

  const platform = new RunningPlatform(settings, embedded, ready, onEvent);
  try {
    checkInterrupted(signal);
    await provisionBroker(embedded, settings);
    await platform.startServices(signal);
    return platform;
  } catch (error) {
    await platform.stop();
    throw error;
  }
}

async function provisionBroker({ nats }: Embedded, { env, log }: Pick<PlatformSettings, 'env' | 'log'>): Promise<void> {
  const broker = await connectBroker({ url: nats.url, tls: brokerTls(env), ...nats.credentials(PROVISIONER), name: PROVISIONER, inboxPrefix: inboxPrefix(PROVISIONER), log });
  try {
    await provision({ broker, accessDocuments: Object.values(accessDocuments), log });
  } finally {
    await broker.close();
  }
}

interface ServerProcess {
  readonly child: Child;
  stop(withinMs?: number): Promise<Exit>;
}

class RunningPlatform implements Platform {
  readonly administrator: Administrator | null;
  private readonly startedAt = new Date().toISOString();
  private readonly processes = new Map<string, Supervised>();
  private readonly urls = new Map<string, () => string>();
  private stopped: Promise<void> | null = null;

  constructor(
    private readonly settings: PlatformSettings,
    private readonly embedded: Embedded,
    private readonly ready: (name: string) => void,
    private readonly onEvent: (event: PlatformEvent) => void,
  ) {
    this.administrator = embedded.isFirst ? administratorOf(settings.env, embedded.first) : null;
    this.keepServer('nats', embedded.nats.server);
    this.keepServer('postgres', embedded.postgres.server);
    this.watchPublishers(embedded.nats.publisherList);
  }

  describe(): PlatformFile {
    const { nats, postgres, folder, first } = this.embedded;
    const services = this.settings.services.map(({ name }) => {
      const process = this.processes.get(name);
      return [name, { pid: process?.pid() ?? null, url: this.urls.get(name)?.() ?? '', restarts: process?.restarts() ?? 0, log: folder.layout.logOf(name) }] as const;
    });
    return {
      pid: process.pid,
      startedAt: this.startedAt,
      nats: { url: nats.url, monitorUrl: nats.monitorUrl, pid: this.processes.get('nats')?.pid() ?? null },
      database: { url: postgres.url, pid: this.processes.get('postgres')?.pid() ?? null },
      operator: nats.credentials('operator'),
      publishers: nats.publishers,
      publisherList: nats.publisherList,
      auth: first,
      services: Object.fromEntries(services),
    };
  }

  async startServices(signal: AbortSignal | undefined): Promise<void> {
    const { services, env, log, preload } = this.settings;
    const free = await freePorts(services.length);
    const ports = await Promise.all(services.map(({ port }, i) => (port === undefined ? free[i] : portNear(port))));
    const kept = services.map(({ name, entry }, i) =>
      keepService({
        name,
        entry,
        ...(preload !== undefined && { preload }),
        port: ports[i] as number,
        env,
        embedded: this.embedded,
        log,
        onStart: (child) => this.note(child),
        onCrash: (crash) => this.onEvent({ type: 'crashed', ...crash }),
      }),
    );
    for (const service of kept) {
      this.processes.set(service.name, service);
      this.urls.set(service.name, service.url);
    }
    const allReady = kept.map((service) => service.firstReady.then(() => this.ready(service.name)));
    await orInterrupted(Promise.all(allReady), signal);
  }

  stop(): Promise<void> {
    this.stopped ??= this.stopInOrder();
    return this.stopped;
  }

  private async stopInOrder(): Promise<void> {
    if (this.embedded.nats.publisherList !== null) unwatchFile(this.embedded.nats.publisherList);
    const begin = performance.now();
    for (const { names, untilMs } of stopOrder(this.settings.services.map(({ name }) => name))) {
      const withinMs = Math.max(100, Math.min(untilMs, STOP_MS) - (performance.now() - begin));
      await Promise.all(names.map((name) => this.stopProcess(name, withinMs)));
    }
    this.embedded.folder.close();
  }

  private async stopProcess(name: string, withinMs: number): Promise<void> {
    const process = this.processes.get(name);
    if (!process) return;
    const begin = performance.now();
    const exit = await process.stop(withinMs);
    const killed = exit?.signal === 'SIGKILL';
    const ms = Math.round(performance.now() - begin);
    if (killed) this.settings.log.warn({ process: name, ms }, 'did not stop in time and was killed');
    this.onEvent({ type: 'stopped', name, ms, killed });
  }

  private note(child: Child): void {
    const { folder } = this.embedded;
    folder.note(child.record);
    this.describeOnDisk();
    void child.exited.then(() => folder.forget(child.record));
  }

  private describeOnDisk(): void {
    if (this.stopped === null) writePrivateJson(this.embedded.folder.layout.platform, this.describe());
  }

  private watchPublishers(list: string | null): void {
    if (list === null) return;
    watchFile(list, { interval: LIST_LOOK_MS, persistent: false }, ({ mtimeMs }, before) => {
      // Told once, too, when there is none.
      if (mtimeMs === before.mtimeMs) return;
      try {
        this.embedded.nats.letInListed();
        this.describeOnDisk();
      } catch (error) {
        this.settings.log.error({ err: error }, 'the list of publishers cannot be read; who was let in before still is');
      }
    });
  }

  private keepServer(name: string, server: OwnServer<ServerProcess> | null): void {
    if (server === null) return;
    const running = (current: ServerProcess) => ({ child: current.child, ready: Promise.resolve(), end: (withinMs: number) => current.stop(withinMs) });
    let first = true;
    const process = supervise({
      name,
      log: this.settings.log,
      start: async () => {
        if (!first) return running(await server.restart());
        first = false;
        return running(server.current);
      },
      onStart: () => this.describeOnDisk(),
      onCrash: (crash) => this.onEvent({ type: 'crashed', ...crash }),
    });
    this.processes.set(name, process);
  }
}

function checkInterrupted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw interrupted();
}

async function orInterrupted(work: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  checkInterrupted(signal);
  let stopListening = () => {};
  const aborted = new Promise<never>((_, reject) => {
    const onAbort = () => reject(interrupted());
    if (signal?.aborted) onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    stopListening = () => signal?.removeEventListener('abort', onAbort);
  });
  try {
    await Promise.race([work, aborted]);
  } finally {
    stopListening();
  }
}

const interrupted = () => Fault.transient('interrupted', 'the start was interrupted before everything was ready');
