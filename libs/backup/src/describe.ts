import type { Backup } from '@granary/contracts';
import { STREAM } from '@granary/contracts';
import type { ListedBackup } from './backup-folder.store';

/** A backup as others are told of it. */
export function describeBackup({ name, manifest, verification }: ListedBackup): Backup {
  const { createdAt, granary, bytes, rows, streams } = manifest;
  return {
    name,
    createdAt,
    granary,
    bytes,
    rows,
    messages: streams.reduce((sum, { record }) => sum + record.state.messages, 0),
    sequence: streams.find(({ record }) => record.stream === STREAM)?.record.state.last_seq ?? 0,
    verifiedAt: verification?.verifiedAt ?? null,
  };
}
