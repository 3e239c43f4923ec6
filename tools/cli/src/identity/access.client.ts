import type { Client } from '@granary/client';
import type { RpcOperation, RpcShapes } from '@granary/contracts';
import { Fault, isFault } from '@granary/faults';
import { runningPlatform } from '../platform/place';
import type { Call } from '../shell/command';
import { readSession, removeSession, saveSession, withSessionLock } from './session.store';

/** Whom calls are made as. */
export interface Access {
  readonly tenant: string;
  /** Where the right to call comes from. */
  readonly from: 'GRANARY_API_KEY' | 'granary login' | 'the key of the data folder';
  call<O extends RpcOperation>(operation: O, request: RpcShapes[O]['request']): Promise<RpcShapes[O]['response']>;
}

interface Token {
  readonly accessToken: string;
  readonly tenant: string;
}

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
  const key = call.shell.env['GRANARY_API_KEY'];
  if (key) return accessBy(client, await exchange(client, key), 'GRANARY_API_KEY');
  const session = await sessionToken(call, client, as);
  if (session !== null) return accessBy(client, session, 'granary login');
  const first = runningPlatform(call.place()).auth;
  if (first !== undefined) return accessBy(client, await exchange(client, as === 'platform' ? first.platformKey : first.key), 'the key of the data folder');
  throw Fault.permanent('not-logged-in', 'Nobody is logged in, and the data folder has no key. Log in with `granary login`, or set GRANARY_API_KEY.');
}

function accessBy(client: Client, { accessToken, tenant }: Token, from: Access['from']): Access {
  return { tenant, from, call: (operation, request) => client.call(operation, request, { token: accessToken, tenant }) };
}

async function exchange(client: Client, key: string): Promise<Token> {
  const { accessToken, principal } = await client.call('auth.key.exchange', { key });
  return { accessToken, tenant: principal.tenant };
}

async function sessionToken(call: Call, client: Client, as: 'tenant' | 'platform'): Promise<Token | null> {
  const { folder } = call.place();
  const known = readSession(folder);
  if (known === null || (as === 'platform') !== (known.tenant === PLATFORM)) return null;
  if (lasts(known, call)) return known;
  return withSessionLock(folder, async () => {
    // Whoever had the lock before may have refreshed it.
    const saved = readSession(folder);
    if (saved === null || lasts(saved, call)) return saved;
    const refreshed = await client.call('auth.session.refresh', { refreshToken: saved.refreshToken }).catch((error: unknown) => {
      if (isFault(error) && error.kind === 'permanent') removeSession(folder);
      throw error;
    });
    const { accessToken, expiresAt, refreshToken, refreshUntil } = refreshed;
    const next = { ...saved, accessToken, expiresAt, refreshToken, refreshUntil };
    saveSession(folder, next);
    return next;
  });
}

function lasts({ expiresAt }: { readonly expiresAt: string }, { shell }: Call): boolean {
  return new Date(expiresAt).getTime() - shell.now().getTime() > SPARE_MS;
}
