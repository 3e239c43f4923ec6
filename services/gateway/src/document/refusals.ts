import { RPC_PERMISSIONS } from '@granary/contracts';
import { statusOf } from '../problem/status-of';
import { isCall, type Route } from '../routes/route';

/** Whether the same write may be sent again under one `Idempotency-Key`. What needs no token has nobody whose key it could be. */
export const takesIdempotencyKey = (route: Route): boolean => isCall(route) && route.method !== 'GET' && route.access === 'token';

/** The problems that a route may answer with: codes by status. What only a bug leads to is not among them. */
export function refusalsOf(route: Route): ReadonlyMap<number, readonly string[]> {
  const codes = ['invalid-request', 'too-many-requests', ...(route.access === 'token' ? ['token-missing', 'token-expired', 'token-revoked', 'key-refused', 'trust-outdated'] : []), ...(isCall(route) ? ofCall(route) : [])];
  const byStatus = Map.groupBy([...new Set(codes)], (code) => statusOf({ kind: TRANSIENT.has(code) ? 'transient' : 'permanent', code }));
  return new Map([...byStatus].sort(([a], [b]) => a - b));
}

const TRANSIENT: ReadonlySet<string> = new Set(['trust-outdated', 'service-unavailable', 'busy', 'remote-unreachable', 'not-in-the-tree', 'not-proven-yet']);

function ofCall(route: Extract<Route, { operation: unknown }>): string[] {
  const { permission } = RPC_PERMISSIONS[route.operation];
  return [
    'not-acceptable',
    'service-unavailable',
    'rpc-timeout',
    ...(permission === 'any' || permission === 'none' ? [] : ['permission-missing']),
    ...(route.method === 'GET' ? [] : ['body-too-large', 'media-type-unknown']),
    ...(takesIdempotencyKey(route) ? ['request-under-way', 'outcome-unknown', 'answer-not-kept', 'idempotency-key-reused'] : []),
    ...(route.versionField === undefined ? [] : ['version-missing']),
    ...route.refusals,
  ];
}
