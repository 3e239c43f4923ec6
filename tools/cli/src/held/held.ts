import type { Held, HeldShowResponse } from '@granary/contracts';
import { formatAgo } from '../shell/format';
import { toJson } from '../shell/json';
import { printable, type Style } from '../shell/style';
import { type Column, renderFacts, renderTable } from '../shell/table';

export const HELD_STATES = ['held', 'waiting', 'dead'] as const satisfies readonly Held['state'][];

/** Held events as a table. */
export function renderHeld(held: readonly Held[], now: Date, style: Style): string {
  const columns: Column<Held>[] = [
    { title: 'consumer', value: ({ consumer }) => consumer, paint: style.bold },
    { title: 'position', value: ({ position }) => position, align: 'right' },
    { title: 'state', value: ({ state }) => state, paint: (text, { state }) => paintState(text, state, style) },
    { title: 'type', value: ({ eventType }) => eventType },
    { title: 'tenant', value: ({ tenant }) => tenant },
    { title: 'key', value: ({ key }) => key },
    { title: 'tries', value: ({ attempts }) => attempts, align: 'right' },
    { title: 'next', value: ({ nextAt }) => nextTry(nextAt, now) },
    { title: 'held', value: ({ heldAt }) => formatAgo(heldAt, now) },
    { title: 'why', value: ({ code, message }) => `${code}: ${message}` },
  ];
  return renderTable(held, columns, style, 'No held events.');
}

/** Everything about one held event. */
export function renderHeldEvent({ held, event }: HeldShowResponse, now: Date, style: Style): string {
  const facts = renderFacts([
    ['consumer', held.consumer],
    ['position', held.position],
    ['state', paintState(held.state, held.state, style)],
    ['event', `${printable(held.eventType)} ${printable(held.eventId)}`],
    ['tenant', held.tenant],
    ['key', held.key],
    ['tries', held.attempts],
    ['next try', nextTry(held.nextAt, now)],
    ['held since', `${held.heldAt} (${formatAgo(held.heldAt, now)})`],
    ['why', `${printable(held.code)}: ${printable(held.message)}`],
  ], style);
  return `${facts}\n\n${toJson(event, 2)}`;
}

function nextTry(nextAt: string | null, now: Date): string | null {
  if (nextAt === null) return null;
  const seconds = Math.ceil((Date.parse(nextAt) - now.getTime()) / 1000);
  return seconds > 0 ? `in ${seconds} s` : 'now';
}

function paintState(text: string, state: Held['state'], style: Style): string {
  return state === 'dead' ? style.bad(text) : style.warn(text);
}
