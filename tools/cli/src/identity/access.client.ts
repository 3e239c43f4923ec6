import type { Client } from '@granary/client';
import type { RpcOperation, RpcShapes } from '@granary/contracts';
import { Fault, isFault } from '@granary/faults';
import { runningPlatform } from '../platform/place';
import type { Call } from '../shell/command';
import { readSession, removeSession, saveSession, withSessionLock } from './session.store';

/** Whom calls are made as. */
export interface Access extends Token {
  call<O extends RpcOperation>(operation: O, request: RpcShapes[O]['request']): Promise<RpcShapes[O]['response']>;
}

interface Token {
  readonly accessToken: string;
  readonly expiresAt: string;
  readonly tenant: string;
  /** Where the right to call comes from. */
  readonly from: 'GRANARY_API_KEY' | 'granary login' | 'the key of the data folder';
}

/** What it takes to ask for a token. */
export type Asking = Pick<Call, 'shell' | 'place' | 'client'>;

const PLATFORM = '_platform';
/** A token that ends sooner is not worth sending. */
const SPARE_MS = 30_000;

/**
 * Calls with an access token: of the API key in GRANARY_API_KEY, else of the session of `granary login`, else of the key that the
 * data folder has for its operator.
 * @param as `platform` for what only owners of the platform may do
 */
export async function openAccess(call: Call, as: 'tenant' | 'platform' = 'tenant'): Promise<Access> {
  const client = await call.client();
  const token = await ask(call, as);
  return { ...token, call: (operation, request) => client.call(operation, request, { token: token.accessToken, tenant: token.tenant }) };
}

/** The access token of each call of a command, asked for at the first one and when the one before is about to end. */
export function accessTokens(asking: Asking): () => Promise<string> {
  const as = asking.shell.env['GRANARY_TENANT'] === PLATFORM ? 'platform' : 'tenant';
  let known: Token | null = null;
  let underWay: Promise<Token> | null = null;
  return async () => {
    if (known !== null && lasts(known, asking)) return known.accessToken;
    underWay ??= ask(asking, as).finally(() => (underWay = null));
    known = await underWay;
    return known.accessToken;
  };
}

async function ask(asking: Asking, as: 'tenant' | 'platform'): Promise<Token> {
  const client = await asking.client();
  const key = asking.shell.env['GRANARY_API_KEY'];
  if (key) return exchange(client, key, 'GRANARY_API_KEY');
  const session = await sessionToken(asking, client, as);
  if (session !== null) return session;
  const first = runningPlatform(asking.place()).auth;
  if (first !== undefined) return exchange(client, as === 'platform' ? first.platformKey : first.key, 'the key of the data folder');
  throw Fault.permanent('not-logged-in', 'Nobody is logged in, and the data folder has no key. Log in with `granary login`, or set GRANARY_API_KEY.');
}

async function exchange(client: Client, key: string, from: Token['from']): Promise<Token> {
  const { accessToken, expiresAt, principal } = await client.call('auth.key.exchange', { key });
  return { accessToken, expiresAt, tenant: principal.tenant, from };
}

async function sessionToken(asking: Asking, client: Client, as: 'tenant' | 'platform'): Promise<Token | null> {
  const from = 'granary login';
  const { folder } = asking.place();
  const known = readSession(folder);
  if (known === null || (as === 'platform') !== (known.tenant === PLATFORM)) return null;
  if (lasts(known, asking)) return { ...known, from };
  return withSessionLock(folder, async () => {
    // Whoever had the lock before may have refreshed it.
    const saved = readSession(folder);
    if (saved === null) return null;
    if (lasts(saved, asking)) return { ...saved, from };
    const refreshed = await client.call('auth.session.refresh', { refreshToken: saved.refreshToken }).catch((error: unknown) => {
      if (isFault(error) && error.kind === 'permanent') removeSession(folder);
      throw error;
    });
    const { accessToken, expiresAt, refreshToken, refreshUntil } = refreshed;
    const next = { ...saved, accessToken, expiresAt, refreshToken, refreshUntil };
    saveSession(folder, next);
    return { ...next, from };
  });
}

function lasts({ expiresAt }: { readonly expiresAt: string }, { shell }: Pick<Asking, 'shell'>): boolean {
  return new Date(expiresAt).getTime() - shell.now().getTime() > SPARE_MS;
}
