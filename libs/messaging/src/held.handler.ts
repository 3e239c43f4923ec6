import type { HeldDesk } from './ports';
import type { RpcContext, RpcHandler } from './rpc';
import { serve } from './rpc';

/** Services whose held events can be worked on over RPC. */
export type HeldService = 'normalizer';

/** The RPCs with which operators see, redrive and discard a service's held events. */
export function heldRpcs(service: HeldService, desk: HeldDesk): RpcHandler[] {
  return [
    serve(`${service}.held.list`, (request, { tenant }) => desk.list(tenant, request)),
    serve(`${service}.held.show`, async ({ consumer, position }, { tenant }) => {
      const { held, body } = await desk.show(tenant, consumer, position);
      return { held, event: readable(body) };
    }),
    serve(`${service}.held.redrive`, async (request, context) => ({ count: await desk.redrive(request, causeOf(context)) })),
    serve(`${service}.held.discard`, async ({ consumer, position, reason }, context) => ({ held: await desk.discard(consumer, position, reason, causeOf(context)) })),
  ];
}

/** What cannot be read is shown as it came. */
function readable(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // It is shown raw below.
  }
  return { raw: body };
}

function causeOf(context: RpcContext) {
  return { tenant: context.tenant, correlationId: context.correlationId, ...(context.traceparent === undefined ? {} : { traceparent: context.traceparent }) };
}
