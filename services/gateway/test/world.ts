// A gateway on a real broker with the real permissions. Behind it stand not the services but their contracts: what a test
// wants a service to answer, it says; auth issues real tokens.
import type { RpcOperation, RpcShapes } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { serve, serveRpcs, type Broker, type RpcContext, type RpcHandler, type RpcServer } from '@granary/messaging';
import { createLogger } from '@granary/observability';
import { generateSigningKey, issueAccessToken, jwksOf, makeApiKey, openSigner, type PrivateJwk, type Role, type TokenSubject } from '@granary/security';
import { hostService, type HostedService } from '@granary/service-host';
import { startTestNats, type TestNats, type TestNatsOptions } from '@granary/testing';
import { gateway } from '../src/app.module';

export const PRINCIPAL = '0195d0a0-0000-7000-8000-00000000000a';

export interface World {
  readonly nats: TestNats;
  /** The key of a service account, which auth exchanges. */
  readonly key: string;
  /** What auth signs with, both halves. */
  readonly jwk: PrivateJwk;
  /** Sessions and keys that auth says were ended. */
  readonly revoked: Set<string>;
  /** How often auth exchanged a key. */
  exchanges(): number;
  /** `issuedAt` is now, unless it is said. */
  token(subject?: Partial<TokenSubject> & { role?: Role; issuedAt?: Date }): Promise<string>;
  /** Answers operations of one service until the answer's `stop`. */
  serve(service: string, handlers: readonly RpcHandler[]): Promise<RpcServer>;
  /** One more gateway. `settings` are variables of its environment, `now` is its clock. */
  host(settings?: Record<string, string>, now?: () => Date): Promise<HostedService>;
  stop(): Promise<void>;
}

/** What an operation answers, with what it was asked. */
export const answering = <O extends RpcOperation>(operation: O, answer: (request: RpcShapes[O]['request'], context: RpcContext) => RpcShapes[O]['response']): RpcHandler =>
  serve(operation, async (request, context) => answer(request, context));

export interface WorldOptions {
  /** Foreign clients of the broker. */
  readonly publishers?: NonNullable<TestNatsOptions['publishers']>;
}

export async function startWorld({ publishers = [] }: WorldOptions = {}): Promise<World> {
  const nats = await startTestNats({ publishers });
  const log = createLogger({ service: 'test', level: 'silent' });
  const jwk = await generateSigningKey();
  const signer = await openSigner(jwk);
  const { key } = makeApiKey();
  const revoked = new Set<string>();
  const hosted: HostedService[] = [];
  const servers: RpcServer[] = [];
  const brokers = new Map<string, Promise<Broker>>();
  let exchanges = 0;
  let tokens = 0;

  const world: World = {
    nats,
    key,
    jwk,
    revoked,
    exchanges: () => exchanges,
    async token({ role = 'owner', issuedAt = new Date(), ...subject } = {}) {
      const full: TokenSubject = { sub: PRINCIPAL, tid: 'acme', kind: 'person', name: 'ada', grants: [{ role, repositories: 'all' }], sid: 'a-session', ...subject };
      return (await issueAccessToken({ subject: full, issuer: 'granary', jti: `token-${(tokens += 1)}`, now: issuedAt }, signer)).accessToken;
    },
    async serve(service, handlers) {
      const broker = brokers.get(service) ?? nats.connect(service);
      brokers.set(service, broker);
      const server = serveRpcs({ broker: await broker, service, handlers, log });
      await (await broker).connection.flush();
      servers.push(server);
      return server;
    },
    async host(settings = {}, now = () => new Date()) {
      const { user, password } = nats.credentials('gateway');
      const one = await hostService(gateway, { GRANARY_NATS_URL: nats.url, GRANARY_NATS_USER: user, GRANARY_NATS_PASSWORD: password, GRANARY_LOG_LEVEL: 'silent', GRANARY_TRUST_REFRESH: '100ms', ...settings }, { now });
      hosted.push(one);
      return one;
    },
    async stop() {
      for (const one of hosted) await one.stop();
      for (const server of servers) await server.stop();
      await nats.stop();
    },
  };
  await world.serve('auth', [
    answering('auth.trust.read', () => ({ issuer: 'granary', keys: [...jwksOf([jwk]).keys], revoked: [...revoked].map((sid) => ({ sid, until: '2099-01-01T00:00:00Z' })), asOf: new Date().toISOString() })),
    serve('auth.service-token.issue', async () => ({ accessToken: await world.token({ tid: '_platform', sub: 'gateway', kind: 'service', name: 'gateway', grants: [], calls: [] }), expiresAt: new Date(Date.now() + 600_000).toISOString() })),
    answering('auth.refusal.report', () => ({})),
    serve('auth.key.exchange', async ({ key: shown }) => {
      exchanges += 1;
      if (shown !== key) throw Fault.permanent('key-refused', 'this is no API key of this Granary; check that it was copied whole');
      if (revoked.has('a-key')) throw Fault.permanent('key-revoked', 'this API key was revoked; use another one');
      const principal = { principalId: PRINCIPAL, tenant: 'acme', kind: 'service-account' as const, name: 'robot' };
      return { accessToken: await world.token({ kind: 'service-account', name: 'robot', sid: 'a-key' }), expiresAt: new Date(Date.now() + 600_000).toISOString(), principal };
    }),
  ]);
  return world;
}
