import type { RpcClient } from '@granary/messaging';

/** An access token that ends sooner is not worth sending. */
const SPARE_MS = 30_000;

/** Access tokens for an API key: exchanged at the first use, and anew when one is about to end. Faults: those of `auth.key.exchange`. */
export function keyTokens(rpc: RpcClient, key: string, now: () => Date): () => Promise<string> {
  let known: { readonly accessToken: string; readonly until: number } | null = null;
  let underWay: Promise<string> | null = null;
  const exchange = async (): Promise<string> => {
    const { accessToken, expiresAt } = await rpc.call('auth.key.exchange', { key });
    known = { accessToken, until: Date.parse(expiresAt) - SPARE_MS };
    return accessToken;
  };
  return async () => {
    if (known !== null && known.until > now().getTime()) return known.accessToken;
    return (underWay ??= exchange().finally(() => (underWay = null)));
  };
}
