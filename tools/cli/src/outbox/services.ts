import type { AccessDocument, RpcShapes } from '@granary/contracts';
import { Fault } from '@granary/faults';

/** A service that answers questions about the announcements that the stream refused. */
export type OutboxService = { [O in keyof RpcShapes]: O extends `${infer S}.outbox.list` ? S : never }[keyof RpcShapes];

/** The services that serve `<service>.outbox.list`, by the access documents. */
export function outboxServices(documents: Readonly<Record<string, AccessDocument>>): OutboxService[] {
  return Object.values(documents).flatMap(({ identity, serves }) => (serves.some((operation) => operation === `${identity}.outbox.list`) ? [identity as OutboxService] : []));
}

/** The service of a name. Faults: permanent `service-not-found`, naming those there are. */
export function outboxService(name: string, documents: Readonly<Record<string, AccessDocument>>): OutboxService {
  const services = outboxServices(documents);
  const found = services.find((service) => service === name);
  if (found !== undefined) return found;
  throw Fault.permanent('service-not-found', `No service '${name}' has an outbox; there are: ${services.join(', ') || 'none'}.`);
}
