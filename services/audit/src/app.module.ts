import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { sendSignal } from '@granary/messaging';
import { keyFile } from '@granary/security';
import type { ServiceDefinition, Task } from '@granary/service-host';
import { v7 } from 'uuid';
import { createComparer } from './compare/comparer.worker';
import { config, type AuditConfig } from './config';
import { wireExport } from './export/export.module';
import { aiAudit } from './models/ai-audit.module';
import { measureLoggedObjectives } from './objectives/metrics';
import { objectiveRpcs } from './objectives/objectives.handler';
import { createCheckpoints } from './prove/checkpoints.handler';
import { createKeeper } from './prove/keeper.worker';
import { proveRpcs } from './prove/prove.handler';
import { openLogSource } from './record/log-source.client';
import type { Position } from './record/position';
import { Recorder } from './record/recorder.worker';
import { replayModule } from './replay/replay.module';
import { searchRpcs } from './search/search.handler';
import { EventLogStore } from './store/event-log.store';
import { migrations } from './store/migrations';
import { ObjectiveStore } from './store/objective.store';
import { SearchStore } from './store/search.store';
import { TreeStore } from './store/tree.store';
import { comparisonMeters } from './watch/comparison-metrics';
import { judgeComparison, judgeHealth, judgeKeeper } from './watch/health';
import { logMeters } from './watch/metrics';
import { proofMeters } from './watch/proof-metrics';
import { LogWatch } from './watch/watch.worker';

/** The audit service: the one place where its parts meet. */
export const audit: ServiceDefinition<AuditConfig> = {
  name: 'audit',
  config,
  migrations,
  async wire({ config: settings, database, broker, rpc, log, metrics, now }) {
    const { acceptRewind = null, keyLifeMs } = settings;
    const { batch, lingerMs, leaseTtlMs, partitionSize, degradedAfterMs, closedEpoch = null } = settings;
    const source = openLogSource({ broker, log, batch, lingerMs });
    const store = new EventLogStore(database);
    const search = new SearchStore(database);
    const dataDir = resolve(settings.dataDir);
    const sealKey = sealKeyOf(await keyFile(join(dataDir, 'audit.key'), '; another key signs checkpoints then, which nothing vouches for'));
    const checkpoints = createCheckpoints({ database, log, now, newId: v7, sealKey, randomBytes, keyLifeMs });
    const { exporter, outside, records } = wireExport({ config: settings, database, log, metrics, now }, search, checkpoints);
    const tree = new TreeStore(database);
    const keeper = createKeeper({ checkpoints, outside, meters: proofMeters(metrics), log, now, acceptRewind });
    const meters = logMeters(metrics);
    const comparer = createComparer({ source, store, tree, meters: comparisonMeters(metrics), log, perSecond: settings.comparePerSecond });
    // What one process does, the one that writes the log.
    const meanwhile = (signal: AbortSignal) => Promise.all([keeper.keep(signal), comparer.compare(signal)]).then(() => undefined);
    // Everything in the log up to there can be read by now: one writer commits in the order of the positions.
    const grown = (end: Position) => sendSignal(broker, 'audit.log-grown', end);
    const owner = `${hostname()}-${process.pid}-${randomUUID()}`;
    const recorder = new Recorder({ source, store, leases: database.leases, meters, log, owner, newId: randomUUID, leaseTtlMs, partitionSize, closedEpoch, grown, meanwhile });
    const ai = aiAudit({ config: settings, database, metrics, log, now, owner });
    const objectives = new ObjectiveStore(database);
    measureLoggedObjectives({ metrics, store: objectives, now, keepMs: settings.metricsKeepMs });
    const watch = new LogWatch({ source, store, meters, log, now });
    const replay = replayModule({ database, broker, rpc, metrics, log, now, search, store });
    return {
      rpcs: [...replay.rpcs, ...searchRpcs({ search, store, source }), ...objectiveRpcs({ database, store: objectives, now }), ...ai.rpcs, ...proveRpcs({ search, tree, checkpoints, now }), ...records],
      tasks: [leaving(recorder), watch, leaving(exporter), leaving(ai.task), leaving(replay.task)],
      disks: { data: dataDir, exports: resolve(settings.exportDir ?? dataDir) },
      checks: [
        { name: 'event-log', critical: true, check: async () => judgeHealth(recorder.state(), watch.lag(), degradedAfterMs / 1_000) },
        { name: 'event-log-proof', critical: true, check: async () => judgeKeeper(keeper.state()) },
        { name: 'event-log-comparison', critical: false, check: async () => judgeComparison(comparer.state()) },
        { name: 'audit-export', critical: false, check: async () => exporter.check() },
        ai.check,
      ],
    };
  },
};

/** Work that another replica takes over as soon as this one gives it up: drained, it has stopped. */
const leaving = (task: Task): Task => ({ name: task.name, start: () => task.start(), stop: () => task.stop(), drain: () => task.stop() });

/** One use, one key. */
function sealKeyOf(key: Buffer): Buffer {
  return createHmac('sha256', key).update('granary audit seal').digest();
}
