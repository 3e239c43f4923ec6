import type { AccessDocument } from '@granary/contracts';
import { Fault } from '@granary/faults';
import type { RpcHandler } from '@granary/messaging';

/**
 * The handlers of a service together with those that the host has for it, as its access document says.
 * @throws Fault `rpcs-differ` when an operation is granted without a handler, handled without a grant, or handled twice
 */
export function rpcTable(access: AccessDocument, own: readonly RpcHandler[], provided: readonly RpcHandler[]): RpcHandler[] {
  const handled = new Set<string>(own.map(({ operation }) => operation));
  const granted = new Set<string>(access.serves);
  const table = [...own, ...provided.filter(({ operation }) => granted.has(operation) && !handled.has(operation))];
  const problems = [
    ...own.filter(({ operation }, i) => own.findIndex((other) => other.operation === operation) < i).map(({ operation }) => `${operation} has two handlers`),
    ...access.serves.filter((operation) => !table.some((handler) => handler.operation === operation)).map((operation) => `${operation} is granted and has no handler`),
    ...table.filter(({ operation }) => !granted.has(operation)).map(({ operation }) => `${operation} has a handler and is not granted`),
  ];
  if (problems.length === 0) return table;
  throw Fault.permanent('rpcs-differ', `the RPC handlers and contracts/access/${access.identity}.json differ: ${problems.join('; ')}`);
}
