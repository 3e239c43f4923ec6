import type { LogRow } from '../src/record/row';

/** A row as the stream stored it at nine, with what a test cares about. */
export function aRow(changes: Partial<LogRow> = {}): LogRow {
  const { sequence = 7 } = changes;
  return {
    sequence,
    storedAt: '2026-03-02T09:00:00.000Z',
    time: '2026-03-02T09:00:00.000Z',
    tenant: 'default',
    type: 'harvest.completed.v1',
    key: 'key',
    eventId: `event-${sequence}`,
    source: 'granary/harvester',
    correlationId: 'correlation',
    causationId: null,
    body: '{}',
    ...changes,
  };
}
