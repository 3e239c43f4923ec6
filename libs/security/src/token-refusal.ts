import type { Refusal } from './refusal';

const AGAIN = 'log in again, or exchange the API key again';
const NOT_OURS = `it was not issued by this Granary, or it was changed on its way; ${AGAIN}`;

const MESSAGES = {
  'trust-outdated': 'auth could not be reached for a minute, so nobody knows which tokens were revoked; try again, and look at the health of auth',
  'token-too-large': 'the access token is larger than 8 KiB, which none of ours is; send the token alone',
  'token-malformed': 'the access token is not three parts with a dot between each; send it whole, without quotes or spaces',
  'token-encoding-wrong': 'a part of the access token is not base64url in the one form it can have; send it exactly as it was issued',
  'token-header-malformed': `the header of the access token is not the JSON that auth writes: ${NOT_OURS}`,
  'token-header-forbidden': `the header of the access token has more than alg, typ and kid: ${NOT_OURS}`,
  'token-algorithm-wrong': `the access token is not signed by EdDSA: ${NOT_OURS}`,
  'token-type-wrong': `the token is no access token (typ is not at+jwt); send the access token, not another one that came with it`,
  'token-key-unknown': `the access token names a key that auth does not have: ${NOT_OURS}`,
  'token-signature-wrong': `the signature of the access token does not fit: ${NOT_OURS}`,
  'token-payload-malformed': `the claims of the access token are not the JSON that auth writes: ${NOT_OURS}`,
  'token-issuer-wrong': `the access token comes from another issuer; ${AGAIN}, here`,
  'token-audience-wrong': `the access token is meant for another audience; ${AGAIN}, here`,
  'token-claims-invalid': `a claim of the access token is missing or has the wrong form; ${AGAIN}`,
  'token-life-too-long': `the access token claims to be good for longer than any of ours; ${AGAIN}`,
  'token-not-yet-valid': 'the access token is not valid yet; compare the clocks of the machines',
  'token-expired': `the access token has expired; refresh the session, or ${AGAIN}`,
  'token-revoked': `the session or API key of the access token was ended; ${AGAIN}`,
} as const satisfies Record<string, string>;

/** Why an access token was not accepted. Every refusal has exactly one of these. */
export type TokenRefusalCode = keyof typeof MESSAGES;

export interface TokenRefusal extends Refusal {
  readonly code: TokenRefusalCode;
}

/** All codes, for counters that begin at 0. */
export const TOKEN_REFUSALS = Object.keys(MESSAGES) as readonly TokenRefusalCode[];

/** A refusal with its message, in which nothing of the token is repeated. */
export function tokenRefusal(code: TokenRefusalCode): TokenRefusal {
  return { code, message: MESSAGES[code] };
}
