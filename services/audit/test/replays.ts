// Replay jobs over a log that is written by hand, asked as people and services ask them.
import { accessDocuments, partitionOf } from '@granary/contracts';
import type { Envelope, EventType, RpcOperation, RpcShapes } from '@granary/contracts';
import { Fault } from '@granary/faults';
import type { RpcClient, RpcContext } from '@granary/messaging';
import { createMetrics } from '@granary/observability';
import { exampleEvent, waitFor } from '@granary/testing';
import { v7 } from 'uuid';
import type { LogRow } from '../src/record/row';
import { artifactOwners } from '../src/replay/artifact-owners.client';
import { awaitedRpcs } from '../src/replay/awaited.handler';
import type { ReplayConsumer } from '../src/replay/consumers';
import { createEnding } from '../src/replay/end.handler';
import { createPlanner } from '../src/replay/plan.worker';
import { replayRpcs } from '../src/replay/replay.handler';
import { takeRpcs } from '../src/replay/take.handler';
import { ReplayStore } from '../src/store/replay.store';
import { replayMeters } from '../src/watch/replay-metrics';
import { openLog } from './log';
import { aRow } from './row';

export const OPERATOR = '01976c2e-8d00-7a01-8b02-c0ffee000001';
const CONSUMERS: readonly ReplayConsumer[] = [
  { consumer: 'normalizer', identity: 'normalizer', types: ['harvest.completed.v1', 'repository.removed.v1'], groups: 2, replayable: 'rebuild' },
  { consumer: 'ledger', identity: 'ledger', types: ['harvest.completed.v1'], groups: 1, replayable: 'never' },
];

/** A key of this partition group of two. */
export const keyOf = (group: number, nth = 0): string => Array.from({ length: 100 }, (_, i) => `key-${i}`).filter((key) => partitionOf('default', key) % 2 === group)[nth] ?? '';

/** A row with a whole event. */
export function eventRow(sequence: number, type: EventType, key: string, { event = {}, ...changes }: Partial<LogRow> & { event?: object } = {}): LogRow {
  const { tenant = 'default' } = changes;
  const body = JSON.stringify({ ...exampleEvent(type), id: `01976c2e-9f10-7c44-a5b6-${String(sequence).padStart(12, '0')}`, tenantid: tenant, partitionkey: key, ...event });
  return aRow({ sequence, type, key, body, ...changes });
}

export type Replays = Awaited<ReturnType<typeof openReplays>>;

export async function openReplays() {
  const log = await openLog();
  const replays = new ReplayStore(log.database);
  const consumers = new Map(CONSUMERS.map((one) => [one.consumer, one]));
  const due: string[] = [];
  const clock = { now: new Date('2026-03-02T10:00:00Z') };
  const now = () => clock.now;
  const gone = new Set<string>();
  let ownersAnswer = true;
  const rpc = {
    async call(_operation: RpcOperation, { digests }: { digests: string[] }) {
      if (!ownersAnswer) throw Fault.transient('service-unavailable', 'nobody answers');
      return { gone: digests.filter((digest) => gone.has(digest)) };
    },
  } as unknown as RpcClient;
  const metrics = createMetrics('audit');
  const meters = replayMeters(metrics);
  const ending = createEnding({ replays, due: (consumer) => void due.push(consumer), log: log.log, now });
  const planner = createPlanner({ replays, search: log.search, owners: () => artifactOwners(rpc, accessDocuments), ending, meters, log: log.log, now, everyMs: 20 });
  const table = [
    ...replayRpcs({ replays, store: log.store, consumers, newId: v7, due: (consumer) => void due.push(consumer), plan: planner.wake, now }),
    ...takeRpcs({ replays, search: log.search, consumers, ending, meters, now }),
    ...awaitedRpcs({ replays, search: log.search }),
  ];

  const callAs = async <O extends RpcOperation>(context: Partial<RpcContext>, operation: O, request: RpcShapes[O]['request']): Promise<RpcShapes[O]['response']> => {
    const handler = table.find((one) => one.operation === operation);
    return (await handler?.handle(request as never, { tenant: 'default', correlationId: 'asked', caller: null, token: null, repositories: 'all', access: { sub: OPERATOR } as RpcContext['access'], ...context })) as RpcShapes[O]['response'];
  };
  const call = <O extends RpcOperation>(operation: O, request: RpcShapes[O]['request'], tenant = 'default') => callAs({ tenant }, operation, request);
  const asOwner = <O extends RpcOperation>(operation: O, request: RpcShapes[O]['request'], name = 'normalizer') => callAs({ tenant: '_platform', access: { kind: 'service', name, sub: name } as RpcContext['access'] }, operation, request);
  const show = async (jobId: string, tenant?: string) => (await call('audit.replay.show', { jobId }, tenant)).job;

  return {
    log, call, asOwner, show, clock, due, gone, metrics, planner,
    ownersAnswer: (answer: boolean) => void (ownersAnswer = answer),
    /** Plans and waits for the dry run. */
    async plan(request: Partial<RpcShapes['audit.replay.plan']['request']> = {}, tenant?: string) {
      const { job } = await call('audit.replay.plan', { consumer: 'normalizer', reason: 'a test', ...request }, tenant);
      return waitFor(async () => ((seen) => (seen.state === 'planning' ? null : seen))(await show(job.jobId, tenant)), { what: 'the dry run' });
    },
    take: (group: number, { crashed = false, groups = 2 } = {}) => asOwner('audit.replay.take', { consumer: 'normalizer', group, groups, crashed }),
    /** What was announced, oldest first. */
    async announced(): Promise<Envelope[]> {
      return (await log.rows('select body from outbox order by id')).map(({ body }) => JSON.parse(body as string) as Envelope);
    },
    async close() {
      await planner.stop();
      await log.close();
    },
  };
}
