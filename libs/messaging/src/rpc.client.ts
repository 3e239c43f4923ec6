import { randomUUID } from 'node:crypto';
import { headers, NoRespondersError, RequestError, TimeoutError } from '@nats-io/transport-node';
import { RPC_PERMISSIONS, callSubject, checkRpc } from '@granary/contracts';
import type { RpcOperation, RpcShapes } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { currentContext, injectTraceparent, SpanKind, withInnerSpan, writeBaggage } from '@granary/observability';
import type { Broker } from './broker.client';
import { RPC_HEADERS } from './rpc';

export interface RpcCallOptions {
  /** Default 10 s. */
  timeoutMs?: number;
  correlationId?: string;
  tenant?: string;
  /** The access token of whoever the call is made for, instead of the client's own token and tenant. */
  token?: string;
}

export interface RpcClient {
  /** Calls a service and returns its checked answer. Faults of the service are thrown with their kind, code and message. */
  call<O extends RpcOperation>(operation: O, request: RpcShapes[O]['request'], options?: RpcCallOptions): Promise<RpcShapes[O]['response']>;
}

export interface RpcClientOptions {
  broker: Broker;
  /** The tenant that calls are about, for who may choose it. Left out it is that of the access token. */
  tenant?: string;
  /** Asked for an access token before each call that needs one; null when there is none. */
  token?: () => Promise<string | null>;
}

export function createRpcClient({ broker, tenant, token = () => Promise.resolve(null) }: RpcClientOptions): RpcClient {
  // Who brings another's token acts in the tenant of that.
  const own = (options: RpcCallOptions) => (tenant === undefined || options.token !== undefined ? {} : { tenant });
  return {
    async call<O extends RpcOperation>(operation: O, request: RpcShapes[O]['request'], options: RpcCallOptions = {}) {
      const checked = checkRpc(operation, 'request', request, 'strict');
      if (!checked.ok) throw Fault.permanent('invalid-request', `${operation}: ${checked.problems.join('; ')}`);
      // Those that need none are how tokens are got.
      const shown = RPC_PERMISSIONS[operation].permission === 'none' ? null : (options.token ?? (await token()));
      const answer = await ask(broker, operation, JSON.stringify(request), shown, { ...own(options), ...options });
      const value: unknown = JSON.parse(answer);
      const answered = checkRpc(operation, 'response', value, 'tolerant');
      if (!answered.ok) throw Fault.permanent('invalid-response', `${operation} answered against its contract: ${answered.problems.join('; ')}`);
      return value as RpcShapes[O]['response'];
    },
  };
}

function ask(broker: Broker, operation: RpcOperation, body: string, token: string | null, options: RpcCallOptions): Promise<string> {
  return withInnerSpan(`rpc ${operation}`, () => ({ 'rpc.system.name': 'nats', 'rpc.method': operation, 'messaging.message.body.size': Buffer.byteLength(body) }), () => send(broker, operation, body, token, options), SpanKind.CLIENT);
}

async function send(broker: Broker, operation: RpcOperation, body: string, token: string | null, options: RpcCallOptions): Promise<string> {
  const hdrs = headers();
  const context = currentContext();
  if (options.tenant !== undefined) hdrs.set(RPC_HEADERS.tenant, options.tenant);
  hdrs.set(RPC_HEADERS.correlation, options.correlationId ?? context?.correlationId ?? randomUUID());
  hdrs.set(RPC_HEADERS.caller, broker.name);
  if (token !== null) hdrs.set(RPC_HEADERS.token, token);
  const traceparent = injectTraceparent();
  if (traceparent !== undefined) hdrs.set(RPC_HEADERS.trace, traceparent);
  const baggage = writeBaggage(context);
  if (baggage !== undefined) hdrs.set(RPC_HEADERS.baggage, baggage);
  try {
    const reply = await broker.connection.request(callSubject(operation, broker.name), body, { headers: hdrs, timeout: options.timeoutMs ?? 10_000 });
    if (reply.headers?.has(RPC_HEADERS.fault)) throw Fault.fromRecord(reply.json());
    return reply.string();
  } catch (error) {
    throw asFault(error, operation, options.timeoutMs ?? 10_000);
  }
}

function asFault(error: unknown, operation: string, timeoutMs: number): Fault {
  if (error instanceof Fault) return error;
  const service = operation.split('.')[0] ?? operation;
  const noResponders = error instanceof NoRespondersError || (error instanceof RequestError && error.isNoResponders());
  if (noResponders) return Fault.transient('service-unavailable', `no ${service} service answers ${operation}; it may be starting. 'granary status' shows it`, { cause: error });
  if (error instanceof TimeoutError) return Fault.transient('rpc-timeout', `${operation} was not answered within ${timeoutMs} ms`, { cause: error });
  return Fault.transient('rpc-failed', `${operation} could not be called: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
}
