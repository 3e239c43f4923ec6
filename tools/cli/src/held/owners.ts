import type { AccessDocument, RpcShapes } from '@granary/contracts';
import { Fault } from '@granary/faults';

/** A service that answers questions about the events its consumers hold. */
export type HeldOwner = { [O in keyof RpcShapes]: O extends `${infer S}.held.list` ? S : never }[keyof RpcShapes];

/** The services that serve `<service>.held.list`, by the access documents. */
export function heldOwners(documents: Readonly<Record<string, AccessDocument>>): HeldOwner[] {
  return Object.values(documents).flatMap(({ identity, serves }) => (serves.some((operation) => operation === `${identity}.held.list`) ? [identity as HeldOwner] : []));
}

/** The service that owns a consumer. Faults: permanent `consumer-not-found`, naming those there are. */
export function ownerOf(consumer: string, documents: Readonly<Record<string, AccessDocument>>): HeldOwner {
  const owners = new Set<string>(heldOwners(documents));
  const consumers = Object.values(documents).flatMap(({ identity, consumes }) => (owners.has(identity) ? consumes.map((entry) => ({ identity, name: entry.consumer })) : []));
  const found = consumers.find(({ name }) => name === consumer);
  if (found) return found.identity as HeldOwner;
  throw Fault.permanent('consumer-not-found', `No consumer '${consumer}' holds events; there are: ${consumers.map(({ name }) => name).join(', ') || 'none'}.`);
}
