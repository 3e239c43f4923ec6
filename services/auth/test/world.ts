import { Writable } from 'node:stream';
import { accessDocuments } from '@granary/contracts';
import type { Envelope, EventData, EventType, RpcOperation, RpcShapes } from '@granary/contracts';
import { createRpcClient } from '@granary/messaging';
import type { Broker } from '@granary/messaging';
import { makeApiKey } from '@granary/security';
import { hostService } from '@granary/service-host';
import type { HostedService } from '@granary/service-host';
import { ADMIN, freshDatabase, startTestNats, temporaryFolder, waitFor } from '@granary/testing';
import type { FreshDatabase, TestNats } from '@granary/testing';
import { Client } from 'pg';
import { authService } from '../src/app.module';

/** What argon2id costs in tests. */
export const cheap = { cost: { memory: 64, passes: 1, parallelism: 1 } } as const;

/** Real servers with the real permissions, an auth, and what it says and stores. */
export interface World {
  readonly nats: TestNats;
  readonly database: FreshDatabase;
  readonly data: string;
  readonly environment: Record<string, string>;
  /** The password of the first administrator, and the keys of the data folder. */
  readonly first: { readonly password: string; readonly key: string; readonly platformKey: string };
  /** Every event published so far. */
  readonly announced: readonly Envelope[];
  readonly logged: readonly string[];
  /** Everything secret that was ever given or got. */
  readonly secrets: Set<string>;
  host(): Promise<HostedService>;
  /** Moves the clock of auth, and waits until it has noticed. */
  forward(ms: number): Promise<void>;
  call<O extends RpcOperation>(operation: O, request: RpcShapes[O]['request'], by?: { token?: string; tenant?: string; broker?: Broker }): Promise<RpcShapes[O]['response']>;
  /** The code that a call is refused with, or `ok`. */
  outcome<O extends RpcOperation>(operation: O, request: RpcShapes[O]['request'], by?: { token?: string; tenant?: string; broker?: Broker }): Promise<string>;
  logIn(name: string, password: string, tenant?: string): Promise<RpcShapes['auth.session.create']['response']>;
  exchange(key: string): Promise<string>;
  eventOf<T extends EventType>(type: T, matching: Partial<EventData[T]>): Promise<Envelope<T, EventData[T]>>;
  /** As superuser, whom row-level security does not bind. */
  query(text: string): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
}

export async function startWorld(): Promise<World> {
  const gateway = { identity: 'gateway', produces: [], consumes: [], serves: [], calls: ['auth.service-token.issue', 'auth.refusal.report', 'auth.principal.list', 'auth.session.list'] as const };
  const documents = [...Object.values(accessDocuments).filter(({ identity }) => identity !== 'gateway'), { ...gateway, calls: [...gateway.calls] }];
  const [nats, database] = await Promise.all([startTestNats({ accessDocuments: documents }), freshDatabase('auth')]);
  const data = temporaryFolder();
  const announced: Envelope[] = [];
  const logged: string[] = [];
  const [observer, operator] = await Promise.all([nats.connect(ADMIN), nats.connect('operator')]);
  observer.connection.subscribe('in.>', { callback: (_error, message) => void announced.push(message.json()) });
  await observer.connection.flush();
  const first = { password: 'four words of chance', key: makeApiKey().key, platformKey: makeApiKey().key };
  const secrets = new Set<string>(Object.values(first));
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      logged.push(chunk.toString('utf8'));
      done();
    },
  });
  const environment = {
    GRANARY_NATS_URL: nats.url,
    GRANARY_NATS_USER: nats.credentials('auth').user,
    GRANARY_NATS_PASSWORD: nats.credentials('auth').password,
    GRANARY_DATABASE_URL: database.url,
    GRANARY_DATA: data.path,
    GRANARY_LOG_LEVEL: 'debug',
    GRANARY_AUTH_TRUST_REFRESH: '100ms',
    GRANARY_AUTH_FIRST_TENANT: 'acme',
    GRANARY_AUTH_FIRST_ADMIN_PASSWORD: first.password,
    GRANARY_AUTH_FIRST_KEY: first.key,
    GRANARY_AUTH_FIRST_PLATFORM_KEY: first.platformKey,
  };
  let ahead = 0;
  const world: World = {
    nats,
    database,
    data: data.path,
    environment,
    first,
    announced,
    logged,
    secrets,
    host: () => hostService(authService({ passwords: cheap }), environment, { destination, now: () => new Date(Date.now() + ahead) }),
    async forward(ms) {
      ahead += ms;
      await waitFor(async () => (await world.outcome('auth.trust.read', {})) === 'ok', { what: 'auth to notice the time' });
    },
    async call(operation, request, { token, tenant = 'acme', broker = operator } = {}) {
      const answer = await createRpcClient({ broker, tenant, token: async () => token ?? null }).call(operation, request);
      remember(secrets, request, answer);
      return answer;
    },
    outcome: (operation, request, by) =>
      world.call(operation, request, by).then(
        () => 'ok',
        (error: { code?: string }) => {
          remember(secrets, request);
          return error.code ?? String(error);
        },
      ),
    logIn: (name, password, tenant = 'acme') => world.call('auth.session.create', { tenant, name, password }),
    exchange: async (key) => (await world.call('auth.key.exchange', { key })).accessToken,
    eventOf: <T extends EventType>(type: T, matching: Partial<EventData[T]>) =>
      waitFor(() => announced.find((event): event is Envelope<T, EventData[T]> => event.type === type && matches(event.data, matching)), { what: `${type} ${JSON.stringify(matching)}`, timeoutMs: 10_000 }),
    query: (text) => query(database.adminUrl, text),
    async stop() {
      await nats.stop();
      await database.drop();
      data.remove();
    },
  };
  return world;
}

const SECRET_FIELDS = new Set(['password', 'old', 'new', 'key', 'accessToken', 'refreshToken', 'administrator']);

/** Notes the secrets of a request or answer, by the names that their contracts give them. */
function remember(secrets: Set<string>, ...values: unknown[]): void {
  for (const value of values) {
    for (const [name, field] of Object.entries((value ?? {}) as Record<string, unknown>)) {
      if (!SECRET_FIELDS.has(name)) continue;
      if (typeof field === 'string' && field.length >= 12) secrets.add(field);
      if (name === 'administrator') remember(secrets, field);
    }
  }
}

const matches = (data: unknown, matching: object): boolean => Object.entries(matching).every(([name, value]) => (data as Record<string, unknown>)[name] === value);

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url, options: '-c search_path=auth' });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(text);
    return rows;
  } finally {
    await client.end();
  }
}
