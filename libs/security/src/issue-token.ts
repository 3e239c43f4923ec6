import { SignJWT } from 'jose';
import { Fault } from '@granary/faults';
import { AUDIENCE, TOKEN_SECONDS, readClaims, type AccessClaims } from './access-claims';
import type { Signer } from './signing-key';
import { LARGEST_TOKEN } from './verify-token';

/** Who an access token is for. */
export type TokenSubject = Pick<AccessClaims, 'sub' | 'tid' | 'kind' | 'name' | 'grants' | 'scope' | 'calls' | 'sid'>;

export interface TokenOrder {
  readonly subject: TokenSubject;
  readonly issuer: string;
  /** An id that no other token has. */
  readonly jti: string;
  readonly now: Date;
  /** At most ten minutes, which is also the default. */
  readonly seconds?: number;
}

export interface IssuedToken {
  readonly accessToken: string;
  readonly expiresAt: Date;
}

/**
 * Signs an access token (RFC 9068; Ed25519, RFC 8037). Its header is exactly `{ alg: 'EdDSA', typ: 'at+jwt', kid }`.
 * @throws Fault `token-not-issuable` for what `verifyAccessToken` would refuse, so that it is noticed here and not at every service.
 */
export async function issueAccessToken({ subject, issuer, jti, now, seconds = TOKEN_SECONDS }: TokenOrder, signer: Signer): Promise<IssuedToken> {
  const { sub, tid, kind, name, grants, scope, calls, sid } = subject;
  const iat = Math.floor(now.getTime() / 1000);
  const claims = readClaims({ iss: issuer, aud: AUDIENCE, sub, tid, kind, name, grants, scope, calls, sid, jti, iat, exp: iat + seconds });
  if (!claims || seconds > TOKEN_SECONDS) throw notIssuable('a claim has a form that no service would accept');
  const accessToken = await new SignJWT({ ...claims }).setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: signer.kid }).sign(signer.key);
  if (accessToken.length > LARGEST_TOKEN) throw notIssuable(`it would have ${accessToken.length} characters, ${LARGEST_TOKEN} are possible`);
  return { accessToken, expiresAt: new Date(claims.exp * 1000) };
}

function notIssuable(why: string): Fault {
  return Fault.permanent('token-not-issuable', `no access token can be issued: ${why}; give the principal fewer or simpler grants`);
}
