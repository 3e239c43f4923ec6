import { compactVerify, errors, type CryptoKey } from 'jose';
import { AUDIENCE, LEEWAY_SECONDS, TOKEN_SECONDS, readClaims, type AccessClaims } from './access-claims';
import { decodeBase64url } from './base64url';
import { parseCanonicalObject } from './canonical-json';
import { tokenRefusal, type TokenRefusal, type TokenRefusalCode } from './token-refusal';
import { TRUST_LIFE, type Trust } from './trust';

/** In characters. What is larger is not even looked at. */
export const LARGEST_TOKEN = 8192;

/** Longer than any header of ours; the rest of the 8 KiB belongs to the claims, which are read only after the signature. */
const LARGEST_HEADER = 256;

export interface AcceptedToken {
  readonly state: 'accepted';
  readonly claims: AccessClaims;
  /** The key that signed it. */
  readonly kid: string;
}

export type TokenVerdict = AcceptedToken | { readonly state: 'refused'; readonly refusal: TokenRefusal };

/**
 * Judges an access token by RFC 8725 and RFC 9068 section 4, and more strictly where we know the only issuer: one algorithm, one
 * spelling of typ, one audience as a string, no header members but alg, typ and kid, one form of base64url and of JSON. Nothing of
 * the claims is read before the signature is known to be good. The answer depends on the arguments alone.
 */
export async function verifyAccessToken(token: string, trust: Trust, now: Date): Promise<TokenVerdict> {
  if (isOutdated(trust, now)) return refused('trust-outdated');
  const opened = open(token);
  if (typeof opened === 'string') return refused(opened);
  const key = trust.keys.get(opened.kid);
  if (!key) return refused('token-key-unknown');
  if (!(await isSigned(token, key))) return refused('token-signature-wrong');
  const claims = believe(opened.payload, trust);
  if (typeof claims === 'string') return refused(claims);
  return whyLapsed(claims, trust, now) ?? { state: 'accepted', claims, kid: opened.kid };
}

/**
 * The refusal of a token that was accepted once and no longer is: expired, revoked, or nobody knows. Without a signature to check,
 * so cheap enough to be asked again and again while a stream of answers is open. Null while it is still good.
 */
export function refusalSince(claims: AccessClaims, trust: Trust, now: Date): TokenRefusal | null {
  if (isOutdated(trust, now)) return tokenRefusal('trust-outdated');
  return whyLapsed(claims, trust, now)?.refusal ?? null;
}

/** What can be said without a key: the parts and the header. */
function open(token: string): { kid: string; payload: Buffer } | TokenRefusalCode {
  if (token.length > LARGEST_TOKEN) return 'token-too-large';
  const parts = token.split('.', 4);
  if (parts.length !== 3) return 'token-malformed';
  const [header, payload, signature] = parts.map(decodeBase64url);
  if (!header || !payload || !signature) return 'token-encoding-wrong';
  const kid = readHeader(header);
  return typeof kid === 'string' ? kid : { ...kid, payload };
}

function readHeader(bytes: Buffer): { kid: string } | TokenRefusalCode {
  const header = bytes.length > LARGEST_HEADER ? null : parseCanonicalObject(bytes);
  if (!header) return 'token-header-malformed';
  const { alg, typ, kid, ...others } = header;
  if (alg !== 'EdDSA') return 'token-algorithm-wrong';
  if (typ !== 'at+jwt') return 'token-type-wrong';
  // crit, b64, jku, jwk, x5u, x5c, zip and whatever comes: each asks to treat the token in a way that we do not.
  if (Object.keys(others).length > 0) return 'token-header-forbidden';
  return typeof kid === 'string' ? { kid } : 'token-header-malformed';
}

async function isSigned(token: string, key: CryptoKey): Promise<boolean> {
  try {
    await compactVerify(token, key, { algorithms: ['EdDSA'] });
    return true;
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed) return false;
    throw error;
  }
}

/** Whether what auth signed is meant for us. */
function believe(bytes: Buffer, { issuer }: Trust): AccessClaims | TokenRefusalCode {
  const payload = parseCanonicalObject(bytes);
  if (!payload) return 'token-payload-malformed';
  if (payload['iss'] !== issuer) return 'token-issuer-wrong';
  if (payload['aud'] !== AUDIENCE) return 'token-audience-wrong';
  return readClaims(payload) ?? 'token-claims-invalid';
}

function whyLapsed({ iat, exp, nbf = iat, sid, jti }: AccessClaims, { revoked }: Trust, now: Date): { state: 'refused'; refusal: TokenRefusal } | null {
  const seconds = now.getTime() / 1000;
  if (exp - iat > TOKEN_SECONDS) return refused('token-life-too-long');
  if (Math.max(iat, nbf) > seconds + LEEWAY_SECONDS) return refused('token-not-yet-valid');
  if (seconds >= exp + LEEWAY_SECONDS) return refused('token-expired');
  return revoked.has(sid) || revoked.has(jti) ? refused('token-revoked') : null;
}

function isOutdated({ readAt }: Trust, now: Date): boolean {
  // Written so that a date that is none counts as outdated.
  return !(now.getTime() - readAt.getTime() <= TRUST_LIFE);
}

function refused(code: TokenRefusalCode): { state: 'refused'; refusal: TokenRefusal } {
  return { state: 'refused', refusal: tokenRefusal(code) };
}
