import { type CausalNode, causalTree } from '@granary/client';
import type { LoggedEvent } from '@granary/contracts';
import { formatCount, formatDuration, plural } from '../shell/format';
import { formatPosition } from '../shell/input';
import { printable, type Style } from '../shell/style';
import { gistOf, serviceOf } from './gist';

/** A causal tree as --json prints it; offsets in milliseconds from the first event. */
export interface TraceNode {
  position: LoggedEvent['position'];
  offsetMs: number;
  service: string;
  event: LoggedEvent['event'];
  cause: CausalNode['cause'];
  children: TraceNode[];
}

export interface Trace {
  correlationId: string;
  events: number;
  services: string[];
  /** From the first event to the last. */
  durationMs: number;
  roots: TraceNode[];
}

/** What happened under one correlation id: the causal trees over all services. Needs at least one event. */
export function traceOf(correlationId: string, events: readonly LoggedEvent[]): Trace {
  const times = events.map(({ event }) => Date.parse(event.time));
  const begun = Math.min(...times);
  return {
    correlationId,
    events: events.length,
    services: [...new Set(events.map(({ event }) => serviceOf(event)))],
    durationMs: Math.max(...times) - begun,
    roots: causalTree(events).map((node) => traceNode(node, begun)),
  };
}

// A tree of a thousand differences hides what it is about.
const MOST_ALIKE = 5;

interface Row {
  /** The lines of the tree, then the type. */
  stem: string;
  rest: TraceNode | { more: number };
}

/** The trees as text. Of siblings of one type without effects, only the first five are shown, unless `all`. */
export function renderTrace(trace: Trace, style: Style, all = false): string {
  const rows = trace.roots.flatMap((root) => treeRows(root, '', '', all));
  const width = Math.max(...rows.map(({ stem }) => stem.length));
  const title = `${style.bold('correlation')} ${printable(trace.correlationId)}`;
  const summary = `${plural(trace.events, 'event')} of ${plural(trace.services.length, 'service')} (${trace.services.join(', ')}) in ${formatDuration(trace.durationMs)}`;
  return [title, style.dim(summary), '', ...rows.map((row) => renderRow(row, width, style))].join('\n');
}

function traceNode({ logged, cause, children }: CausalNode, begun: number): TraceNode {
  const { position, event } = logged;
  return { position, offsetMs: Date.parse(event.time) - begun, service: serviceOf(event), event, cause, children: children.map((child) => traceNode(child, begun)) };
}

function treeRows(node: TraceNode, lead: string, below: string, all: boolean): Row[] {
  const shown = all ? node.children.map((child) => ({ node: child })) : abridge(node.children);
  const rows = shown.flatMap((item, index) => {
    const last = index === shown.length - 1;
    const branch = `${below}${last ? '└─ ' : '├─ '}`;
    if ('more' in item) return [{ stem: `${branch}… ${formatCount(item.more)} more ${printable(item.type)}`, rest: item }];
    return treeRows(item.node, branch, `${below}${last ? '   ' : '│  '}`, all);
  });
  return [{ stem: `${lead}${printable(node.event.type)}`, rest: node }, ...rows];
}

type Shown = { node: TraceNode } | { more: number; type: string };

// What is left out is told behind the last sibling of its type that is shown.
function abridge(siblings: readonly TraceNode[]): Shown[] {
  const alike = new Map<string, number>();
  for (const { event, children } of siblings) if (children.length === 0) alike.set(event.type, (alike.get(event.type) ?? 0) + 1);
  const seen = new Map<string, number>();
  return siblings.flatMap((node): Shown[] => {
    const { type } = node.event;
    const count = alike.get(type) ?? 0;
    // One event instead of "1 more" takes no more room.
    if (node.children.length > 0 || count <= MOST_ALIKE + 1) return [{ node }];
    const number = (seen.get(type) ?? 0) + 1;
    seen.set(type, number);
    if (number < MOST_ALIKE) return [{ node }];
    return number === MOST_ALIKE ? [{ node }, { more: count - MOST_ALIKE, type }] : [];
  });
}

function renderRow({ stem, rest }: Row, width: number, style: Style): string {
  if ('more' in rest) return style.dim(stem);
  const offset = `+${formatDuration(rest.offsetMs)}`.padStart(10);
  const orphan = rest.cause === 'missing' ? style.warn('  (its cause is not in the log)') : '';
  return `${stem.padEnd(width)}  ${rest.service.padEnd(13)} ${offset}  ${style.dim(formatPosition(rest.position).padStart(8))}  ${gistOf(rest.event)}${orphan}`.trimEnd();
}
