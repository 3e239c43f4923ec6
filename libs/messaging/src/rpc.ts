import type { RpcOperation, RpcShapes } from '@granary/contracts';

/** Who calls, and in which context. */
export interface RpcContext {
  readonly tenant: string;
  readonly correlationId: string;
  readonly traceparent?: string;
  /** The identity that the caller names; not proven until tokens are checked. */
  readonly caller: string | null;
}

export interface RpcHandler {
  readonly operation: RpcOperation;
  readonly handle: (request: never, context: RpcContext) => Promise<unknown>;
}

/** Connects an operation with its handler; the compiler refuses other shapes. */
export function serve<O extends RpcOperation>(operation: O, handler: (request: RpcShapes[O]['request'], context: RpcContext) => Promise<RpcShapes[O]['response']>): RpcHandler {
  return { operation, handle: handler };
}

/** The subject on which an operation is served. */
export function rpcSubject(operation: string): string {
  return `rpc.${operation}`;
}

export const RPC_HEADERS = { tenant: 'Granary-Tenant', correlation: 'Granary-Correlation-Id', caller: 'Granary-Caller', trace: 'traceparent', fault: 'Granary-Fault' } as const;
