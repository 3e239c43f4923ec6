import { createHash } from 'node:crypto';
import type { RpcClient } from '@granary/messaging';

export interface KeyExchange {
  /** The access token for an API key. @throws Fault as auth refuses it */
  tokenFor(key: string): Promise<string>;
  /** Forgets the token, because it turned out to be no longer good. */
  forget(key: string): void;
}

interface Exchanged {
  readonly accessToken: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** A token is exchanged anew so long before its end that it outlives the call it is sent with. */
const SPARE_MS = 30_000;
const MOST = 10_000;

/** Exchanges API keys at auth and keeps the tokens in memory, by the hash of the key; one exchange at a time for each key. */
export function createKeyExchange({ rpc, now }: { readonly rpc: RpcClient; readonly now: () => Date }): KeyExchange {
  const known = new Map<string, Exchanged>();
  const underWay = new Map<string, Promise<string>>();

  const exchange = async (key: string, hash: string): Promise<string> => {
    const { accessToken, expiresAt } = await rpc.call('auth.key.exchange', { key });
    known.set(hash, { accessToken, until: Date.parse(expiresAt) - SPARE_MS });
    const [oldest] = known.keys();
    if (known.size > MOST && oldest !== undefined) known.delete(oldest);
    return accessToken;
  };

  return {
    async tokenFor(key) {
      const hash = hashOf(key);
      const before = known.get(hash);
      if (before && now().getTime() < before.until) return before.accessToken;
      known.delete(hash);
      const going = underWay.get(hash) ?? exchange(key, hash).finally(() => underWay.delete(hash));
      underWay.set(hash, going);
      return going;
    },
    forget: (key) => void known.delete(hashOf(key)),
  };
}

const hashOf = (key: string): string => createHash('sha256').update(key).digest('base64url');
