import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import { type RpcOperation, type RpcShapes, rpcExamples } from '@granary/contracts';
import { layoutOf, lockDataFolder, type PlatformFile } from '@granary/embedded';
import { type RpcServer, serve, serveRpcs } from '@granary/messaging';
import { createLogger } from '@granary/observability';
import { startTestNats, temporaryFolder } from '@granary/testing';
import { wellMonitor, wellVitals } from './well-platform';

type Answer<O extends RpcOperation> = (request: RpcShapes[O]['request']) => RpcShapes[O]['response'];

/**
 * A platform as the CLI sees it: a real broker with real permissions, a data folder with a platform file, services that
 * answer RPCs with the contracts' examples and health over HTTP. What a service answers can be changed.
 */
export interface ExamplePlatform {
  /** The data folder. */
  readonly folder: string;
  readonly platform: PlatformFile;
  /** What was asked of the services since the last `reset`. */
  readonly asked: readonly { operation: RpcOperation; request: unknown }[];
  /** Answers of an operation from now on. */
  answer<O extends RpcOperation>(operation: O, answer: Answer<O>): void;
  /** What `/health/status` and `/metrics` of a service say from now on; null: it does not answer. */
  vitals(service: string, vitals: { status: object; metrics: string } | null): void;
  /** What the broker's monitoring says of the stream from now on. */
  monitor(jsz: object): void;
  /** Back to the examples. */
  reset(): void;
  stop(): Promise<void>;
}

const SERVED = {
  harvester: [
    'harvester.repository.add', 'harvester.repository.list', 'harvester.repository.remove', 'harvester.harvest.request', 'harvester.harvest.request-all', 'harvester.job.list', 'harvester.job.show', 'harvester.job.cancel',
    'harvester.finding.list', 'harvester.finding.allow', 'harvester.finding.revoke', 'harvester.gate.show', 'harvester.gate.set', 'harvester.posture.show',
  ],
  normalizer: [
    'normalizer.graph.summary', 'normalizer.graph.dependents', 'normalizer.graph.cycles', 'normalizer.graph.why', 'normalizer.graph.impact', 'normalizer.graph.search',
    'normalizer.package.users', 'normalizer.repository.links', 'normalizer.artifact.read',
    'normalizer.held.list', 'normalizer.held.show', 'normalizer.held.redrive', 'normalizer.held.discard',
  ],
  audit: [
    'audit.events.search', 'audit.events.show', 'audit.log.status',
    'audit.checkpoint.list', 'audit.checkpoint-key.list', 'audit.checkpoint-key.rotate', 'audit.proof.event', 'audit.proof.consistency', 'audit.export.read',
    'audit.record.search', 'audit.record.show', 'audit.summary.show', 'audit.report.show', 'audit.price.set', 'audit.price.list', 'audit.price.show', 'audit.budget.set', 'audit.budget.list', 'audit.budget.remove',
    'audit.replay.plan', 'audit.replay.start', 'audit.replay.show', 'audit.replay.list', 'audit.replay.pause', 'audit.replay.resume', 'audit.replay.cancel',
  ],
  'cache-janitor': ['cache-janitor.cache.manifest', 'cache-janitor.cache.sweep', 'cache-janitor.cache.stats', 'cache-janitor.cycle.list', 'cache-janitor.cycle.show'],
} as const satisfies Record<string, readonly RpcOperation[]>;

/** What auth answers. It has no health here, since nothing asks for it. */
const IDENTITY = [
    'auth.session.create', 'auth.session.refresh', 'auth.session.end', 'auth.session.list', 'auth.key.exchange', 'auth.key.issue', 'auth.key.list', 'auth.key.revoke', 'auth.identity.show',
    'auth.principal.add', 'auth.principal.list', 'auth.principal.show', 'auth.principal.disable', 'auth.principal.enable', 'auth.password.set', 'auth.grant.set', 'auth.tenant.add', 'auth.tenant.list',
] as const satisfies readonly RpcOperation[];

// All services that serve calls: each that announces events has an outbox.
const ANNOUNCING = ['harvester', 'normalizer', 'audit', 'cache-janitor', 'auth', 'registry'] as const;

function operationsOf(service: string): RpcOperation[] {
  const served: Readonly<Record<string, readonly RpcOperation[]>> = { ...SERVED, auth: IDENTITY };
  const outbox = ANNOUNCING.filter((name) => name === service).flatMap((name) => [`${name}.outbox.list`, `${name}.outbox.show`, `${name}.outbox.retry`, `${name}.outbox.discard`] as const);
  return [...(served[service] ?? []), ...outbox];
}

/** Answers and questions, behind a typed door. */
class Desk {
  private answers = new Map<RpcOperation, (request: never) => unknown>();
  asked: { operation: RpcOperation; request: unknown }[] = [];

  set<O extends RpcOperation>(operation: O, answer: Answer<O>): void {
    this.answers.set(operation, answer);
  }

  handler<O extends RpcOperation>(operation: O) {
    return serve(operation, async (request) => {
      this.asked.push({ operation, request });
      const answer = this.answers.get(operation) as Answer<O> | undefined;
      return answer ? answer(request) : rpcExamples[operation].response;
    });
  }

  reset(): void {
    this.answers = new Map();
    this.asked = [];
  }
}

export async function startExamplePlatform(): Promise<ExamplePlatform> {
  const nats = await startTestNats();
  const log = createLogger({ service: 'test', level: 'silent' });
  const desk = new Desk();
  const servers = await Promise.all(
    ANNOUNCING.map(async (service): Promise<RpcServer> => {
      const broker = await nats.connect(service);
      const server = serveRpcs({ broker, service, handlers: operationsOf(service).map((operation) => desk.handler(operation)), log });
      await broker.connection.flush();
      return server;
    }),
  );
  const [http, database] = await Promise.all([startVitals(), startGreeter()]);
  const folder = temporaryFolder();
  const layout = layoutOf(folder.path);
  const lock = lockDataFolder(folder.path, layout.lock);
  const { user, password } = nats.credentials('operator');
  const platform: PlatformFile = {
    pid: process.pid,
    startedAt: '2026-03-02T09:00:00.000Z',
    nats: { url: nats.url, monitorUrl: `http://127.0.0.1:${http.port}/monitor`, pid: nats.pid },
    database: { url: `postgresql://127.0.0.1:${database.port}/granary`, pid: process.pid },
    operator: { user, password },
    auth: { adminPassword: 'four words of chance', key: 'key of the operator', platformKey: 'key of the platform' },
    services: Object.fromEntries(Object.keys(SERVED).map((name) => [name, { pid: process.pid, url: `http://127.0.0.1:${http.port}/${name}`, restarts: 0, log: layout.logOf(name) }])),
  };
  mkdirSync(folder.path, { recursive: true });
  writeFileSync(layout.platform, JSON.stringify(platform), { mode: 0o600 });

  const reset = (): void => {
    desk.reset();
    // The examples name a next page, so that listing all of them would never end.
    desk.set('harvester.repository.list', () => ({ ...rpcExamples['harvester.repository.list'].response, next: null }));
    for (const operation of ['auth.principal.list', 'auth.session.list', 'auth.key.list', 'auth.tenant.list'] as const) desk.set(operation, () => ({ ...rpcExamples[operation].response, next: null }) as never);
    desk.set('harvester.job.list', () => ({ ...rpcExamples['harvester.job.list'].response, next: null }));
    desk.set('audit.events.search', () => ({ ...rpcExamples['audit.events.search'].response, next: null }));
    for (const service of Object.keys(SERVED)) http.set(service, wellVitals(service));
    http.set('monitor', { status: wellMonitor(), metrics: '' });
  };
  reset();

  return {
    folder: folder.path,
    platform,
    get asked() {
      return desk.asked;
    },
    answer: (operation, answer) => desk.set(operation, answer),
    vitals: (service, vitals) => http.set(service, vitals),
    monitor: (jsz) => http.set('monitor', { status: jsz, metrics: '' }),
    reset,
    async stop() {
      lock.release();
      await Promise.all(servers.map((server) => server.stop()));
      await Promise.all([nats.stop(), http.stop(), database.stop()]);
      folder.remove();
    },
  };
}

/** What PostgreSQL says first: that it wants to know who is there. Nobody says more to it. */
async function startGreeter() {
  const server = createSocketServer((socket) => socket.once('data', () => socket.end('R')).on('error', () => undefined));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, stop: () => new Promise((resolve) => server.close(resolve)) };
}

async function startVitals() {
  const vitals = new Map<string, { status: object; metrics: string } | null>();
  const server: Server = createServer((request, response) => {
    const [, service = '', ...rest] = (request.url ?? '').split('/');
    const found = vitals.get(service);
    if (!found) return response.destroy();
    return response.end(rest.join('/') === 'metrics' ? found.metrics : JSON.stringify(found.status));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    set: (service: string, what: { status: object; metrics: string } | null) => vitals.set(service, what),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
