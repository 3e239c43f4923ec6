// Two made-up services on real contracts: one announces, one consumes.
import type { AccessDocument } from '@granary/contracts';

export const PRODUCER = 'harvester';
export const CONSUMER = 'normalizer';

export const access: Readonly<Record<string, AccessDocument>> = {
  [PRODUCER]: { identity: PRODUCER, produces: ['repository.removed.v1'], consumes: [], serves: [], calls: [] },
  [CONSUMER]: {
    identity: CONSUMER,
    produces: ['consumer.held.v1', 'consumer.redriven.v1', 'consumer.discarded.v1'],
    consumes: [{ consumer: 'normalizer', types: ['repository.removed.v1'], start: 'first', groups: 4, replayable: 'never' }],
    serves: [],
    calls: [],
  },
  audit: { identity: 'audit', produces: [], consumes: [{ consumer: 'audit-log', types: ['*'], start: 'first', groups: 1, replayable: 'never', ack: 'all' }], serves: [], calls: [] },
};
