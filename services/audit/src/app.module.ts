import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { sendSignal } from '@granary/messaging';
import type { ServiceDefinition } from '@granary/service-host';
import { config, type AuditConfig } from './config';
import { openLogSource } from './record/log-source.client';
import type { Position } from './record/position';
import { Recorder } from './record/recorder.worker';
import { searchRpcs } from './search/search.handler';
import { EventLogStore } from './store/event-log.store';
import { migrations } from './store/migrations';
import { SearchStore } from './store/search.store';
import { judgeHealth } from './watch/health';
import { logMeters } from './watch/metrics';
import { LogWatch } from './watch/watch.worker';

/** The audit service: the one place where its parts meet. */
export const audit: ServiceDefinition<AuditConfig> = {
  name: 'audit',
  config,
  migrations,
  wire({ config: settings, database, broker, log, metrics, now }) {
    const { batch, lingerMs, leaseTtlMs, partitionSize, degradedAfterMs, closedEpoch = null } = settings;
    const source = openLogSource({ broker, log, batch, lingerMs });
    const store = new EventLogStore(database);
    const meters = logMeters(metrics);
    // Everything in the log up to there can be read by now: one writer commits in the order of the positions.
    const grown = (end: Position) => sendSignal(broker, 'audit.log-grown', end);
    const owner = `${hostname()}-${process.pid}-${randomUUID()}`;
    const recorder = new Recorder({ source, store, leases: database.leases, meters, log, owner, newId: randomUUID, leaseTtlMs, partitionSize, closedEpoch, grown });
    const watch = new LogWatch({ source, store, meters, log, now });
    return {
      rpcs: searchRpcs({ search: new SearchStore(database), store, source }),
      tasks: [recorder, watch],
      checks: [{ name: 'event-log', critical: true, check: async () => judgeHealth(recorder.state(), watch.lag(), degradedAfterMs / 1_000) }],
    };
  },
};
