import { Fault } from '@granary/faults';
import { publisherUser, type Publisher } from '../nats/publishers';
import { readJson, writePrivateJson } from './private-file.store';

/** What a data folder lists as `<tenant>.<name>`; null when it has no list of its own. @throws Fault `unreadable-file` */
export function readKeptPublishers(path: string): readonly string[] | null {
  const kept = readJson(path) as { version?: unknown; publishers?: unknown } | null;
  if (kept === null) return null;
  const { version, publishers } = kept;
  if (version === 1 && Array.isArray(publishers) && publishers.every((one) => typeof one === 'string')) return publishers;
  throw Fault.permanent('unreadable-file', `${path} does not hold a list of publishers ({"version":1,"publishers":["default.ci"]}); restore it from a backup, or delete it`);
}

export function keepPublishers(path: string, publishers: readonly Publisher[]): void {
  writePrivateJson(path, { version: 1, publishers: publishers.map(publisherUser) });
}
