import type { PublisherList } from '@granary/embedded';
import type { Style } from '../shell/style';
import { renderTable, type Column } from '../shell/table';

/** A publisher without its secret. */
export interface PublisherRow {
  readonly tenant: string;
  readonly name: string;
  /** Whether a platform runs that lets it in. */
  readonly letIn: boolean;
  readonly subject: string | null;
  readonly inboxPrefix: string | null;
}

export function asRows({ publishers, accounts }: PublisherList): PublisherRow[] {
  return publishers.map(({ tenant, name }) => {
    const account = accounts?.find(({ user }) => user === `${tenant}.${name}`);
    return { tenant, name, letIn: account !== undefined, subject: account?.subject ?? null, inboxPrefix: account?.inboxPrefix ?? null };
  });
}

export function renderPublishers(rows: readonly PublisherRow[], style: Style): string {
  const columns: Column<PublisherRow>[] = [
    { title: 'publisher', value: ({ tenant, name }) => `${tenant}.${name}`, paint: style.bold },
    { title: 'let in', value: ({ letIn }) => (letIn ? 'yes' : 'when the platform starts') },
    { title: 'publishes to', value: ({ subject }) => subject },
    { title: 'inboxes below', value: ({ inboxPrefix }) => inboxPrefix, paint: style.dim },
  ];
  return renderTable(rows, columns, style, 'No publishers: events of other programs come over HTTP alone.');
}
