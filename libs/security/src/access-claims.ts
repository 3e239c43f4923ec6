import { readGrants, type Grant } from './grant';
import { isPermission, type Permission } from './permission';
import { PLATFORM_TENANT, isTenant } from './tenant';

/** The only audience of our access tokens. */
export const AUDIENCE = 'granary';

/** How long an access token is good, and what two clocks may differ; in seconds. */
export const TOKEN_SECONDS = 600;
export const LEEWAY_SECONDS = 5;

export type PrincipalKind = 'person' | 'service-account' | 'service';

/** The claims of an access token (RFC 9068 section 2.2, RFC 7519 section 4.1; tid, kind, name, grants, calls and sid are ours). */
export interface AccessClaims {
  readonly iss: string;
  readonly aud: typeof AUDIENCE;
  /** The principal's id. */
  readonly sub: string;
  /** The tenant. */
  readonly tid: string;
  readonly kind: PrincipalKind;
  readonly name: string;
  readonly grants: readonly Grant[];
  /** Only of API keys that were narrowed: of the granted permissions only these count. */
  readonly scope?: readonly Permission[];
  /** Only of services: the operations they may call, for any tenant. */
  readonly calls?: readonly string[];
  /** The session or API key: what a revocation names. */
  readonly sid: string;
  readonly jti: string;
  /** Seconds since 1970. */
  readonly iat: number;
  readonly exp: number;
  /** Never written by us, but kept to where it is there. */
  readonly nbf?: number;
}

const KINDS: ReadonlySet<unknown> = new Set<PrincipalKind>(['person', 'service-account', 'service']);
const TOKEN = /^[A-Za-z0-9_-]{1,128}$/;
const OPERATION = /^[a-z][a-z0-9-]*(?:\.[a-z][a-z0-9-]*){1,3}$/;

/**
 * The claims, or null when one is missing or has the wrong shape. Claims that this version does not know are left out, and so are
 * unknown roles and permissions: they give nothing. Issuer, audience and time are not judged here.
 */
export function readClaims(payload: Readonly<Record<string, unknown>>): AccessClaims | null {
  const { iss, sub, tid, kind, name, sid, jti, iat, exp, nbf, scope, calls } = payload;
  const grants = readGrants(payload['grants']);
  if (!isText(iss, 2048) || !isToken(sub) || !isToken(sid) || !isToken(jti)) return null;
  if (typeof tid !== 'string' || !isTenant(tid) || !isKind(kind) || !isText(name, 256) || !grants) return null;
  if (!isSeconds(iat) || !isSeconds(exp) || exp <= iat || (nbf !== undefined && !isSeconds(nbf))) return null;
  if (scope !== undefined && !isList(scope)) return null;
  if (!callsFit(calls, kind, tid)) return null;
  return {
    iss, aud: AUDIENCE, sub, tid, kind, name, grants,
    ...(scope && { scope: scope.filter(isPermission) }),
    ...(calls && { calls }),
    sid, jti, iat, exp,
    ...(nbf !== undefined && { nbf }),
  };
}

/** Whether a service may call an operation. People and service accounts never may by this; they have permissions. */
export function mayCall({ kind, calls }: Pick<AccessClaims, 'kind' | 'calls'>, operation: string): boolean {
  return kind === 'service' && calls !== undefined && calls.includes(operation);
}

function callsFit(calls: unknown, kind: PrincipalKind, tid: string): calls is readonly string[] | undefined {
  if (kind !== 'service') return calls === undefined;
  return tid === PLATFORM_TENANT && isList(calls) && calls.every((operation) => OPERATION.test(operation));
}

function isKind(value: unknown): value is PrincipalKind {
  return KINDS.has(value);
}

function isToken(value: unknown): value is string {
  return typeof value === 'string' && TOKEN.test(value);
}

function isText(value: unknown, most: number): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= most;
}

/** RFC 7519 allows fractions; we write none, so we read none. */
function isSeconds(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}
