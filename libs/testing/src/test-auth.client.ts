import { randomUUID } from 'node:crypto';
import { accessDocuments, type AccessDocument, type AuthRefusalReportRequest } from '@granary/contracts';
import { createRpcClient, serve, serveRpcs, type RpcClient } from '@granary/messaging';
import { createLogger } from '@granary/observability';
import { PLATFORM_TENANT, TOKEN_SECONDS, generateSigningKey, issueAccessToken, jwksOf, openSigner, type Grant, type IssuedToken, type Role, type TokenSubject } from '@granary/security';
import { ADMIN, type TestNats } from './test-nats.client';

/** Somebody with a token: of the tenant `default`, without roles, unless told. */
export interface TestCaller {
  readonly tenant?: string;
  /** One role on these repositories, or on all; for more there are `grants`. */
  readonly role?: Role;
  readonly repositories?: readonly string[];
  readonly grants?: readonly Grant[];
  readonly scope?: TokenSubject['scope'];
  /** The principal's id. */
  readonly sub?: string;
  readonly sid?: string;
}

/** What auth is to other services: real keys, real signed tokens, real answers over the broker. Nobody has to log in. */
export interface TestAuth {
  token(caller?: TestCaller): Promise<string>;
  /** The token of a service, with the calls of its access document. */
  serviceToken(identity: string): Promise<string>;
  /** Calls services in the name of somebody. @param identity of the broker, by which they are called */
  rpc(caller?: TestCaller, identity?: string): Promise<RpcClient>;
  /** Has the next answers say that tokens of a session are no longer good. */
  revoke(sid: string): void;
  /** What services have reported as refused. */
  readonly refused: readonly AuthRefusalReportRequest['refusals'][number][];
  /** Nobody is answered any more. */
  stop(): Promise<void>;
}

export interface TestAuthOptions {
  /** Of the services that ask for tokens; the project's own unless told. */
  readonly accessDocuments?: readonly AccessDocument[];
  readonly now?: () => Date;
}

const ISSUER = 'granary';

/** Stands in for the auth service on a test's broker, in a few milliseconds and without a database. */
export async function startTestAuth(nats: Pick<TestNats, 'connect'>, { accessDocuments: documents = Object.values(accessDocuments), now = () => new Date() }: TestAuthOptions = {}): Promise<TestAuth> {
  const key = await generateSigningKey();
  const signer = await openSigner(key);
  const revoked = new Set<string>();
  const refused: AuthRefusalReportRequest['refusals'][number][] = [];
  const issue = (subject: TokenSubject): Promise<IssuedToken> => issueAccessToken({ subject, issuer: ISSUER, jti: randomUUID(), now: now() }, signer);
  const issueTo = (identity: string): Promise<IssuedToken> => {
    const document = documents.find((one) => one.identity === identity);
    if (document === undefined) throw new Error(`there is no access document of ${identity}`);
    return issue({ sub: identity, tid: PLATFORM_TENANT, kind: 'service', name: identity, grants: [], calls: document.calls, sid: `service-${identity}` });
  };
  const token = async ({ tenant = 'default', role, repositories, grants, scope, sub = randomUUID(), sid = randomUUID() }: TestCaller = {}): Promise<string> => {
    const granted = grants ?? (role === undefined ? [] : [{ role, repositories: repositories ?? ('all' as const) }]);
    return (await issue({ sub, tid: tenant, kind: 'person', name: 'somebody', grants: granted, sid, ...(scope && { scope }) })).accessToken;
  };

  const broker = await nats.connect(ADMIN);
  const server = serveRpcs({
    broker,
    service: 'auth',
    log: createLogger({ service: 'test', level: 'silent' }),
    handlers: [
      serve('auth.trust.read', async () => {
        const until = new Date(now().getTime() + TOKEN_SECONDS * 1_000).toISOString();
        return { issuer: ISSUER, keys: [...jwksOf([key]).keys], revoked: [...revoked].map((sid) => ({ sid, until })), asOf: now().toISOString() };
      }),
      serve('auth.service-token.issue', async (_request, { caller }) => {
        const { accessToken, expiresAt } = await issueTo(caller ?? '');
        return { accessToken, expiresAt: expiresAt.toISOString() };
      }),
      serve('auth.refusal.report', async ({ refusals }) => {
        refused.push(...refusals);
        return {};
      }),
    ],
  });
  await broker.connection.flush();
  return {
    token,
    serviceToken: async (identity) => (await issueTo(identity)).accessToken,
    async rpc(caller, identity = 'operator') {
      const shown = await token(caller);
      return createRpcClient({ broker: await nats.connect(identity), token: () => Promise.resolve(shown) });
    },
    revoke: (sid) => void revoked.add(sid),
    refused,
    stop: () => server.stop(),
  };
}
