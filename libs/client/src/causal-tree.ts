import type { LoggedEvent, LogPosition } from '@granary/contracts';

/**
 * One event with what it caused. `cause` says why a node stands where it does: `none` for an event without a cause,
 * `known` for one whose cause is its parent, `missing` for one whose cause is not in the list (so it stands at the top).
 */
export interface CausalNode {
  logged: LoggedEvent;
  cause: 'none' | 'known' | 'missing';
  children: CausalNode[];
}

/**
 * The causal trees of a flat list of events. Roots and children stand in the order of the log, whatever the order of
 * the list; repeats of an event are dropped.
 */
export function causalTree(events: readonly LoggedEvent[]): CausalNode[] {
  const earlier = new Map<string, CausalNode>();
  const roots: CausalNode[] = [];
  for (const logged of [...events].sort((a, b) => comparePositions(a.position, b.position))) {
    if (earlier.has(logged.event.id)) continue;
    const { causationid } = logged.event;
    // An effect is announced by a reader of its cause, so the log has the cause first. That rules out rings.
    const parent = causationid === undefined ? undefined : earlier.get(causationid);
    const node: CausalNode = { logged, cause: causeOf(causationid, parent), children: [] };
    (parent?.children ?? roots).push(node);
    earlier.set(logged.event.id, node);
  }
  return roots;
}

/** Orders positions: negative when `a` comes first. */
export function comparePositions(a: LogPosition, b: LogPosition): number {
  return a.epoch - b.epoch || a.sequence - b.sequence;
}

function causeOf(causationid: string | undefined, parent: CausalNode | undefined): CausalNode['cause'] {
  if (causationid === undefined) return 'none';
  return parent ? 'known' : 'missing';
}
