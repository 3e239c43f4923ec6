import type { Grant, Permission, RpcOperation, RpcShapes } from '@granary/contracts';
import type { Fault } from '@granary/faults';

/** What a checked access token says about who calls: the claims that `@granary/security` verifies, as this package needs to know them. */
export interface CallerClaims {
  readonly iss: string;
  readonly aud: 'granary';
  /** The principal. */
  readonly sub: string;
  /** Its tenant. */
  readonly tid: string;
  readonly kind: 'person' | 'service-account' | 'service';
  readonly name: string;
  readonly grants: readonly { readonly role: Grant['role']; readonly repositories: 'all' | readonly string[] }[];
  readonly scope?: readonly Permission[];
  readonly calls?: readonly string[];
  /** The session or API key. */
  readonly sid: string;
  readonly jti: string;
  /** Seconds since 1970. */
  readonly iat: number;
  readonly exp: number;
}

/** Who calls, and in which context. */
export interface RpcContext {
  /** That of the access token; the one that the caller named for services, which act for any, and where no token is needed. */
  readonly tenant: string;
  readonly correlationId: string;
  readonly traceparent?: string;
  /** The identity that calls. The broker vouches for it where the operation says so (`x-caller-in-subject`); else it is only what the caller says. */
  readonly caller: string | null;
  /** The access token as it came, for calls on behalf of the caller; null when there was none. Never to be logged or stored. */
  readonly token: string | null;
  /** Who the guard found the caller to be; null without a guard, and for operations that need no token. */
  readonly access: CallerClaims | null;
  /** On which repositories of the tenant the caller has the permission of this operation: what it may learn of, and what it acts on. Without a guard all. */
  readonly repositories: Repositories;
}

/** All repositories of a tenant, or these ids, of which some may not exist. */
export type Repositories = 'all' | ReadonlySet<string>;

/** Whether a repository is one of these. */
export function isAmong(repositories: Repositories, repositoryId: string): boolean {
  return repositories === 'all' || repositories.has(repositoryId);
}

/** The ids, for a query; null when there is nothing to narrow. */
export function idsOf(repositories: Repositories): string[] | null {
  return repositories === 'all' ? null : [...repositories];
}

/** A call before anything of it was believed. */
export interface UnprovenCall {
  readonly operation: RpcOperation;
  /** Parsed, but not checked against the contract yet. */
  readonly request: unknown;
  /** As the caller names it, null when it names none. */
  readonly tenant: string | null;
  readonly token: string | null;
  readonly correlationId: string;
}

export type Admission = { readonly state: 'admitted'; readonly tenant: string; readonly access: CallerClaims | null; readonly repositories: Repositories } | { readonly state: 'refused'; readonly fault: Fault };

/** Decides about every call before its handler learns of it. */
export interface RpcGuard {
  /** Every code it may refuse with, so that each is counted from 0 on. */
  readonly codes: readonly string[];
  admit(call: UnprovenCall): Promise<Admission>;
}

export interface RpcHandler {
  readonly operation: RpcOperation;
  readonly handle: (request: never, context: RpcContext) => Promise<unknown>;
}

/** Connects an operation with its handler; the compiler refuses other shapes. */
export function serve<O extends RpcOperation>(operation: O, handler: (request: RpcShapes[O]['request'], context: RpcContext) => Promise<RpcShapes[O]['response']>): RpcHandler {
  return { operation, handle: handler };
}

/** The subject of an operation that does not name its caller. */
export function rpcSubject(operation: string): string {
  return `rpc.${operation}`;
}

export const RPC_HEADERS = { tenant: 'Granary-Tenant', correlation: 'Granary-Correlation-Id', caller: 'Granary-Caller', trace: 'traceparent', baggage: 'baggage', fault: 'Granary-Fault', token: 'Granary-Token' } as const;
