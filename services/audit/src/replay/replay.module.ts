import { accessDocuments } from '@granary/contracts';
import { sendSignal, type RpcHandler } from '@granary/messaging';
import type { Host, Task } from '@granary/service-host';
import { v7 } from 'uuid';
import type { EventLogStore } from '../store/event-log.store';
import { ReplayStore } from '../store/replay.store';
import type { SearchStore } from '../store/search.store';
import { replayMeters } from '../watch/replay-metrics';
import { artifactOwners } from './artifact-owners.client';
import { awaitedRpcs } from './awaited.handler';
import { consumersByName } from './consumers';
import { createEnding } from './end.handler';
import { createPlanner } from './plan.worker';
import { replayRpcs } from './replay.handler';
import { takeRpcs } from './take.handler';

export interface ReplayModuleOptions extends Pick<Host, 'database' | 'broker' | 'rpc' | 'metrics' | 'log' | 'now'> {
  search: SearchStore;
  store: EventLogStore;
}

/** Replays: what people decide about them, what owners of partition groups ask, and the dry runs. */
export function replayModule({ database, broker, rpc, metrics, log, now, search, store }: ReplayModuleOptions): { rpcs: RpcHandler[]; task: Task } {
  const replays = new ReplayStore(database);
  const meters = replayMeters(metrics);
  const consumers = consumersByName(accessDocuments);
  const due = (consumer: string) => sendSignal(broker, 'audit.replay-due', { consumer });
  const ending = createEnding({ replays, due, log, now });
  const planner = createPlanner({ replays, search, owners: () => artifactOwners(rpc, accessDocuments), ending, meters, log, now });
  return {
    rpcs: [...replayRpcs({ replays, store, consumers, newId: v7, due, plan: planner.wake, now }), ...takeRpcs({ replays, search, consumers, ending, meters, now }), ...awaitedRpcs({ replays, search })],
    task: planner,
  };
}
