import type { AuditCheckpointKeyListResponse, LogCheckpoint } from '@granary/contracts';
import { formatCount } from '../shell/format';
import { formatPosition } from '../shell/input';
import { printable, type Style } from '../shell/style';
import { type Column, renderFacts, renderTable } from '../shell/table';
import type { Proven } from './proof';

export function renderCheckpoints(checkpoints: readonly LogCheckpoint[], style: Style): string {
  const columns: Column<LogCheckpoint>[] = [
    { title: 'signed', value: ({ time }) => time },
    { title: 'why', value: ({ kind }) => kind },
    { title: 'leaves', value: ({ size }) => formatCount(size), align: 'right' },
    { title: 'up to', value: formatPosition, align: 'right' },
    { title: 'root', value: ({ root }) => root, paint: style.bold },
  ];
  return renderTable(checkpoints, columns, style, 'No checkpoints. The first is signed at the first full hour.');
}

type Key = AuditCheckpointKeyListResponse['keys'][number];

export function renderCheckpointKeys(keys: readonly Key[], style: Style): string {
  const columns: Column<Key>[] = [
    { title: 'key', value: ({ key }) => key, paint: style.bold },
    { title: 'state', value: ({ state }) => state },
    { title: 'since', value: ({ createdAt }) => createdAt },
    { title: 'until', value: ({ retiredAt }) => retiredAt },
    { title: 'endorsed', value: ({ endorsement }) => (endorsement === null ? 'no' : 'by the one before') },
  ];
  return renderTable(keys, columns, style, 'No keys. The first is made with the first checkpoint.');
}

export function renderProven({ leaf, index, origin, size, signedAt, key }: Proven, style: Style): string {
  const { type, tenant, eventId, storedAt } = leaf;
  return renderFacts(
    [
      ['event', printable(eventId)],
      ['type', printable(type)],
      ['tenant', printable(tenant)],
      ['stored', storedAt],
      ['position', formatPosition(leaf)],
      ['proven', `leaf ${formatCount(index)} of the ${formatCount(size)} that ${printable(origin)} signed at ${signedAt}`],
      ['by the key', printable(key)],
    ],
    style,
  );
}
