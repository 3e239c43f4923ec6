import { Fault } from '@granary/faults';
import { parseApiKey, type AccessClaims, type TokenRefusal } from '@granary/security';
import type { Tokens } from '@granary/service-host';
import type { KeyExchange } from './key-exchange.client';
import { readBearer } from './bearer';

/** Who asks, proven, and the token to call services with. */
export interface Caller {
  readonly claims: AccessClaims;
  readonly token: string;
}

/** @throws Fault whose code says why nobody is known to ask */
export type Identify = (authorization: string | undefined) => Promise<Caller>;

export interface IdentifyDeps {
  readonly tokens: Pick<Tokens, 'verify'>;
  readonly keys: KeyExchange;
}

/** Finds out who asks, by an access token or an API key. */
export function createIdentify({ tokens, keys }: IdentifyDeps): Identify {
  return async (authorization) => {
    const shown = readBearer(authorization);
    switch (shown.state) {
      case 'nothing':
        throw Fault.permanent('token-missing', 'this needs an access token or an API key, and none was sent; send one as `Authorization: Bearer …`');
      case 'other-scheme':
        throw Fault.permanent('scheme-unknown', 'only `Authorization: Bearer …`, with an access token or an API key, is understood here');
      case 'token':
        return byToken(shown.text);
      case 'api-key':
        return byKey(shown.text);
    }
  };

  async function byToken(token: string): Promise<Caller> {
    const verdict = await judge(token);
    if ('claims' in verdict) return { claims: verdict.claims, token };
    throw refused(verdict);
  }

  async function byKey(key: string): Promise<Caller> {
    if (!parseApiKey(key)) throw Fault.permanent('key-refused', 'this is no API key of this Granary; check that it was copied whole');
    const token = await keys.tokenFor(key);
    const verdict = await judge(token);
    if ('claims' in verdict) return { claims: verdict.claims, token };
    // Ended since: auth says best why, or gives a token that is good.
    keys.forget(key);
    return byToken(await keys.tokenFor(key));
  }

  async function judge(token: string): Promise<{ readonly claims: AccessClaims } | TokenRefusal> {
    const verdict = await tokens.verify(token);
    return verdict.state === 'accepted' ? { claims: verdict.claims } : verdict.refusal;
  }
}

function refused({ code, message }: TokenRefusal): Fault {
  return code === 'trust-outdated' ? Fault.transient(code, message) : Fault.permanent(code, message);
}
