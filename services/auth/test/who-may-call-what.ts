import { rpcExamples, type RpcOperation } from '@granary/contracts';

export type Outcomes = readonly [nobody: string, reader: string, admin: string, owner: string, foreign: string];

export interface Case {
  readonly request: () => object;
  /** Of another tenant's owner it is asked in that owner's own tenant, where the target is not. */
  readonly outcomes: Outcomes;
}

export interface Target {
  /** A person without roles in the tenant of the first three. */
  readonly target: string;
  readonly password: string;
  /** An API key of a third tenant. */
  readonly foreignKeyId: () => string;
  readonly next: () => number;
}

/** What each operation of auth answers to whom: `ok`, or the code of the refusal. */
export const whoMayCallWhat = ({ target, password, foreignKeyId, next }: Target): Readonly<Record<Extract<RpcOperation, `auth.${string}`>, Case>> => ({
  'auth.session.create': { request: () => ({ tenant: 'acme', name: target, password: 'not the password' }), outcomes: ['login-refused', 'login-refused', 'login-refused', 'login-refused', 'login-refused'] },
  'auth.session.refresh': { request: () => ({ refreshToken: 'nonsense' }), outcomes: ['session-refused', 'session-refused', 'session-refused', 'session-refused', 'session-refused'] },
  'auth.key.exchange': { request: () => ({ key: 'nonsense' }), outcomes: ['key-refused', 'key-refused', 'key-refused', 'key-refused', 'key-refused'] },
  // The broker itself keeps people from asking.
  'auth.service-token.issue': { request: () => ({}), outcomes: ['rpc-failed', 'rpc-failed', 'rpc-failed', 'rpc-failed', 'rpc-failed'] },
  'auth.trust.read': { request: () => ({}), outcomes: ['ok', 'ok', 'ok', 'ok', 'ok'] },
  'auth.refusal.report': { request: () => rpcExamples['auth.refusal.report'].request, outcomes: ['rpc-failed', 'rpc-failed', 'rpc-failed', 'rpc-failed', 'rpc-failed'] },
  'auth.identity.show': { request: () => ({}), outcomes: ['token-missing', 'ok', 'ok', 'ok', 'ok'] },
  'auth.session.list': { request: () => ({ principal: target }), outcomes: ['token-missing', 'permission-missing', 'ok', 'ok', 'principal-not-found'] },
  'auth.session.end': { request: () => ({ sid: '019b2d3e-7a10-7b54-8c1d-2f9a6e4b7d01' }), outcomes: ['token-missing', 'session-not-found', 'session-not-found', 'session-not-found', 'session-not-found'] },
  'auth.key.list': { request: () => ({ principal: target }), outcomes: ['token-missing', 'permission-missing', 'ok', 'ok', 'principal-not-found'] },
  'auth.key.issue': { request: () => ({ principal: target, name: 'k' }), outcomes: ['token-missing', 'permission-missing', 'ok', 'ok', 'principal-not-found'] },
  'auth.key.revoke': { request: () => ({ id: foreignKeyId() }), outcomes: ['token-missing', 'key-not-found', 'key-not-found', 'key-not-found', 'key-not-found'] },
  'auth.principal.add': { request: () => ({ kind: 'person', name: `added-${next()}` }), outcomes: ['token-missing', 'permission-missing', 'ok', 'ok', 'ok'] },
  'auth.principal.list': { request: () => ({}), outcomes: ['token-missing', 'permission-missing', 'ok', 'ok', 'ok'] },
  'auth.principal.show': { request: () => ({ principal: target }), outcomes: ['token-missing', 'permission-missing', 'ok', 'ok', 'principal-not-found'] },
  'auth.principal.disable': { request: () => ({ principal: target }), outcomes: ['token-missing', 'permission-missing', 'ok', 'ok', 'principal-not-found'] },
  'auth.principal.enable': { request: () => ({ principal: target }), outcomes: ['token-missing', 'permission-missing', 'ok', 'ok', 'principal-not-found'] },
  'auth.password.set': { request: () => ({ principal: target, new: password }), outcomes: ['token-missing', 'permission-missing', 'ok', 'ok', 'principal-not-found'] },
  'auth.grant.set': { request: () => ({ principal: target, version: 0, grants: [] }), outcomes: ['token-missing', 'permission-missing', 'changed-meanwhile', 'changed-meanwhile', 'principal-not-found'] },
  'auth.tenant.add': { request: () => ({ tenant: 'taken', name: 'T', administrator: { name: 'root', password } }), outcomes: ['token-missing', 'permission-missing', 'permission-missing', 'permission-missing', 'permission-missing'] },
  'auth.tenant.list': { request: () => ({}), outcomes: ['token-missing', 'permission-missing', 'permission-missing', 'permission-missing', 'permission-missing'] },
  'auth.outbox.list': { request: () => ({}), outcomes: ['token-missing', 'permission-missing', 'ok', 'ok', 'ok'] },
  'auth.outbox.show': { request: () => ({ id: '1' }), outcomes: ['token-missing', 'permission-missing', 'not-found', 'not-found', 'not-found'] },
  'auth.outbox.retry': { request: () => ({ id: '1' }), outcomes: ['token-missing', 'permission-missing', 'not-found', 'not-found', 'not-found'] },
  'auth.outbox.discard': { request: () => ({ id: '1', reason: 'r' }), outcomes: ['token-missing', 'permission-missing', 'not-found', 'not-found', 'not-found'] },
});
