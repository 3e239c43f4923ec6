import type { RpcShapes } from '@granary/contracts';
import { serve, type RpcContext, type RpcHandler } from '@granary/messaging';
import type { Decision, OutboxDesk } from '@granary/persistence';

/** Services whose refused announcements can be worked on over RPC. */
export type OutboxService = { [O in keyof RpcShapes]: O extends `${infer S}.outbox.list` ? S : never }[keyof RpcShapes];

/** The RPCs with which operators see, retry and discard the announcements that the stream refused for good. */
export function outboxRpcs(service: OutboxService, desk: OutboxDesk): RpcHandler[] {
  return [
    serve(`${service}.outbox.list`, (request, { tenant }) => desk.list(tenant, request)),
    serve(`${service}.outbox.show`, async ({ id }, { tenant }) => withEvent(await desk.show(tenant, id))),
    serve(`${service}.outbox.retry`, async ({ id }, context) => ({ dead: await desk.retry(id, decisionOf(context)) })),
    serve(`${service}.outbox.discard`, async ({ id, reason }, context) => withEvent(await desk.discard(id, reason, decisionOf(context)))),
  ];
}

/** What stands in an outbox has been checked against its contract when it was announced. */
function withEvent<D>({ dead, body }: { dead: D; body: string }): { dead: D; event: Record<string, unknown> } {
  return { dead, event: JSON.parse(body) as Record<string, unknown> };
}

function decisionOf({ tenant, caller, correlationId }: RpcContext): Decision {
  return { tenant, by: caller, correlationId };
}
