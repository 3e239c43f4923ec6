import type { DeadAnnouncement } from '@granary/contracts';
import { formatAgo } from '../shell/format';
import { toJson } from '../shell/json';
import { usageFault } from '../shell/problem';
import { printable, type Style } from '../shell/style';
import { type Column, renderFacts, renderTable } from '../shell/table';

/** A refused announcement, and the service whose outbox it is in. */
export type Refused = DeadAnnouncement & { readonly service: string };

/** The id of an announcement, as tables print it. Faults: permanent `usage`. */
export function parseOutboxId(text: string): string {
  if (/^\d{1,18}$/.test(text)) return text;
  throw usageFault(`'${text}' is not the id of an announcement; it is a number. Take it from \`granary outbox list\`.`);
}

/** Refused announcements as a table. */
export function renderOutbox(refused: readonly Refused[], now: Date, style: Style): string {
  const columns: Column<Refused>[] = [
    { title: 'service', value: ({ service }) => service, paint: style.bold },
    { title: 'id', value: ({ id }) => id, align: 'right' },
    { title: 'type', value: typeOf },
    { title: 'tenant', value: ({ tenant }) => tenant },
    { title: 'key', value: ({ key }) => key },
    { title: 'behind it', value: ({ behind }) => behind, align: 'right', paint: (text, { behind }) => (behind > 0 ? style.warn(text) : text) },
    { title: 'refused', value: ({ deadAt }) => formatAgo(deadAt, now) },
    { title: 'why', value: ({ reason }) => reason, paint: style.bad },
  ];
  return renderTable(refused, columns, style, 'No refused announcements.');
}

/** Everything about one refused announcement, and the event itself. */
export function renderRefused(refused: Refused, event: unknown, now: Date, style: Style): string {
  const facts = renderFacts([
    ['service', refused.service],
    ['id', refused.id],
    ['event', printable(`${typeOf(refused)} ${refused.messageId}`)],
    ['tenant', refused.tenant],
    ['key', printable(refused.key)],
    ['behind it', refused.behind],
    ['announced', `${refused.createdAt} (${formatAgo(refused.createdAt, now)})`],
    ['refused', `${refused.deadAt} (${formatAgo(refused.deadAt, now)})`],
    ['why', style.bad(printable(refused.reason))],
  ], style);
  return `${facts}\n\n${toJson(event, 2)}`;
}

// The subject is `in.<tenant>.<type>.<key>`, and of these only the type has dots.
function typeOf({ subject }: DeadAnnouncement): string {
  return /^in\.[^.]+\.(.+)\.[^.]+$/.exec(subject)?.[1] ?? subject;
}
