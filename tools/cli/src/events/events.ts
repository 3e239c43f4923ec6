import type { LoggedEvent } from '@granary/contracts';
import { timeOfDay } from '../shell/format';
import { formatPosition } from '../shell/input';
import { toJson } from '../shell/json';
import { printable, type Style } from '../shell/style';
import { type Column, renderFacts, renderTable } from '../shell/table';
import { gistOf, serviceOf } from './gist';

/** Events as a table, in the order given. */
export function renderEvents(events: readonly LoggedEvent[], style: Style): string {
  const columns: Column<LoggedEvent>[] = [
    { title: 'position', value: ({ position }) => formatPosition(position), align: 'right' },
    { title: 'time', value: ({ event }) => event.time },
    { title: 'type', value: ({ event }) => event.type, paint: style.bold },
    { title: 'from', value: ({ event }) => serviceOf(event) },
    { title: 'tenant', value: ({ event }) => event.tenantid },
    { title: 'about', value: ({ event }) => gistOf(event) },
    { title: 'correlation', value: ({ event }) => event.correlationid, paint: style.dim },
  ];
  return renderTable(events, columns, style, 'No such events.');
}

/** One event on one line, as a tail prints it. */
export function renderEventLine({ position, event }: LoggedEvent, style: Style): string {
  const type = printable(event.type).padEnd(26);
  return `${style.dim(timeOfDay(event.time))}  ${formatPosition(position).padStart(8)}  ${style.bold(type)}  ${serviceOf(event).padEnd(13)}  ${gistOf(event)}`;
}

/** Everything about one event. */
export function renderEvent({ position, event }: LoggedEvent, style: Style): string {
  const { data, ...envelope } = event;
  const fields = Object.entries(envelope).map(([name, value]) => [name, printable(String(value))] as const);

  return `${renderFacts([['position', formatPosition(position)], ...fields], style)}\n\n${toJson(data, 2)}`;
}
