import { createTokenVerifier, refusalSince, type AccessClaims, type TokenRefusal, type TokenVerdict, type Trust } from '@granary/security';

/** Where it is known whom to believe. */
export interface TrustSource {
  /** Null before it was known for the first time. May be too old, which verification itself refuses. */
  current(): Trust | null;
  /** Asked when a token names an unknown key, or nothing is believed any more: looks whether that has changed, now and then. True when it looked. */
  learn(): Promise<boolean>;
}

/** Judges access tokens by what auth said last. */
export interface Tokens {
  verify(token: string): Promise<TokenVerdict>;
  /** Why a token that was accepted is no longer good; null while it is. Without a signature to check: for answers that go on and on. */
  refusalSince(claims: AccessClaims): TokenRefusal | null;
}

const WORTH_ASKING: ReadonlySet<TokenRefusal['code']> = new Set<TokenRefusal['code']>(['token-key-unknown', 'trust-outdated']);

const NOT_YET: TokenRefusal = { code: 'trust-outdated', message: 'this service has just started and has not heard from auth yet whom to believe; try again in a moment, and look at the health of auth' };

export function createTokens(source: TrustSource, now: () => Date): Tokens {
  const verifier = createTokenVerifier();
  const judge = async (token: string): Promise<TokenVerdict> => {
    const trust = source.current();
    return trust === null ? { state: 'refused', refusal: NOT_YET } : verifier(token, trust, now());
  };
  return {
    async verify(token) {
      const verdict = await judge(token);
      // The key may be one that signs since a moment ago, and auth may be back since then.
      const again = verdict.state === 'refused' && WORTH_ASKING.has(verdict.refusal.code) && (await source.learn());
      return again ? judge(token) : verdict;
    },
    refusalSince(claims) {
      const trust = source.current();
      return trust === null ? NOT_YET : refusalSince(claims, trust, now());
    },
  };
}
