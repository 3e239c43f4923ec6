import { refusalSince, verifyAccessToken, type AcceptedToken, type TokenVerdict } from './verify-token';
import type { Trust } from './trust';

/**
 * `verifyAccessToken` that computes a signature once per token and not once per request: the last `remember` accepted tokens are
 * known by their text, which is sound because a token has only one text. Keys, issuer, time, revocation and the age of the trust
 * are judged each time, so the verdicts are those of `verifyAccessToken`. For one process, and at most 16 KiB for each token.
 */
export function createTokenVerifier({ remember = 1000 }: { readonly remember?: number } = {}): (token: string, trust: Trust, now: Date) => Promise<TokenVerdict> {
  const accepted = new Map<string, AcceptedToken>();

  return async (token, trust, now) => {
    const verdict = again(accepted.get(token), trust, now) ?? (await verifyAccessToken(token, trust, now));
    // Written anew it is the youngest: a map keeps the order of writing.
    accepted.delete(token);
    if (verdict.state === 'accepted') accepted.set(token, verdict);
    for (const oldest of accepted.keys()) {
      if (accepted.size <= remember) break;
      accepted.delete(oldest);
    }
    return verdict;
  };
}

/** The verdict on a token whose signature was good, as long as its key is published; a kid is a thumbprint, so it cannot be another key. */
function again(known: AcceptedToken | undefined, trust: Trust, now: Date): TokenVerdict | undefined {
  if (!known || !trust.keys.has(known.kid) || trust.issuer !== known.claims.iss) return undefined;
  const refusal = refusalSince(known.claims, trust, now);
  return refusal ? { state: 'refused', refusal } : known;
}
