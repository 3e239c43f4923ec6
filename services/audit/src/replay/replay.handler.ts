import type { AuditReplayPlanRequest, AuditReplayStartRequest, ReplayJob } from '@granary/contracts';
import { Fault } from '@granary/faults';
import type { RpcContext, RpcHandler, UnitOfWork } from '@granary/messaging';
import { serve } from '@granary/messaging';
import type { EventLogStore } from '../store/event-log.store';
import type { ReplayStore } from '../store/replay.store';
import type { ReplayConsumer } from './consumers';
import { addressOf } from './end.handler';
import { asJob, countsOf, DECISIONS, type Decision, type StoredJob } from './job';
import { selectionOf } from './selection';

export interface ReplayDeps {
  replays: ReplayStore;
  store: Pick<EventLogStore, 'tail'>;
  consumers: ReadonlyMap<string, ReplayConsumer>;
  newId: () => string;
  /** Tells consumers that there may be something for them, or that a job runs no more. */
  due: (consumer: string) => void;
  /** Has the dry run begin. */
  plan: () => void;
  now: () => Date;
}

const DEFAULT_LIMIT = 100;
const FAILURES = 100;

/** What people decide about replays, and see of them. */
export const replayRpcs = (deps: ReplayDeps): RpcHandler[] => [
  serve('audit.replay.plan', (request, context) => plan(deps, request, context)),
  serve('audit.replay.start', async (request, context) => ({ job: await decide(deps, 'start', request, context) })),
  serve('audit.replay.pause', async (request, context) => ({ job: await decide(deps, 'pause', request, context) })),
  serve('audit.replay.resume', async (request, context) => ({ job: await decide(deps, 'resume', request, context) })),
  serve('audit.replay.cancel', async (request, context) => ({ job: await decide(deps, 'cancel', request, context) })),
  serve('audit.replay.show', async ({ jobId }, { tenant }) => {
    const job = (await deps.replays.find(tenant, jobId)) ?? notFound(jobId);
    return { job: asJob(job, deps.now()), failures: await deps.replays.failures(tenant, jobId, FAILURES) };
  }),
  serve('audit.replay.list', async ({ consumer = null, state = null, limit = DEFAULT_LIMIT, cursor }, { tenant }) => {
    const jobs = await deps.replays.list(tenant, { consumer, state, before: readCursor(cursor) }, limit + 1);
    const page = jobs.slice(0, limit);
    return { jobs: page.map((job) => asJob(job, deps.now())), next: jobs.length > limit ? (page.at(-1)?.jobId ?? null) : null };
  }),
];

async function plan(deps: ReplayDeps, request: AuditReplayPlanRequest, context: RpcContext): Promise<{ job: ReplayJob }> {
  const { replays, store, now } = deps;
  const { tenant, correlationId } = context;
  const { consumer: { consumer, groups }, selection } = selectionOf(request, tenant, deps.consumers);
  const tail = await store.tail();
  const jobId = deps.newId();
  await replays.transact(causeOf(context), (unit) =>
    replays.add(unit, {
      jobId, tenant, consumer, groups, selection, correlationId,
      reason: request.reason,
      rate: request.rate ?? null,
      by: actorOf(context),
      through: { epoch: tail?.epoch ?? 0, sequence: tail?.lastSequence ?? 0 },
      createdAt: now(),
    }),
  );
  deps.plan();
  return { job: asJob((await replays.find(tenant, jobId)) ?? notFound(jobId), now()) };
}

async function decide(deps: ReplayDeps, decision: Decision, request: AuditReplayStartRequest, context: RpcContext): Promise<ReplayJob> {
  const { replays, due, now } = deps;
  const { jobId } = request;
  const { from, to } = DECISIONS[decision];
  const job = await replays.transact(causeOf(context), async (unit) => {
    const found = (await replays.lock(unit, jobId)) ?? notFound(jobId);
    if (!(from as readonly string[]).includes(found.state)) throw Fault.permanent('replay-state', `the replay is ${found.state}, and only one that is ${from.join(' or ')} can be ${PAST[decision]}`);
    if (decision === 'start') await start(deps, unit, found, request.rate ?? found.rate);
    else await replays.setState(unit, jobId, to, now());
    announce(unit, decision, found, request, actorOf(context));
    return found;
  });
  due(job.consumer);
  return asJob((await replays.find(context.tenant, jobId)) ?? notFound(jobId), now());
}

async function start({ replays, now }: ReplayDeps, unit: UnitOfWork, job: StoredJob, rate: number | null): Promise<void> {
  const { first, last } = job.plan ?? { first: null, last: null };
  if (first === null || last === null || job.totals === null) throw Fault.permanent('nothing-selected', 'no event of the log matches, so there is nothing to replay; look with `granary events search`, and plan anew');
  await replays.begin(unit, job, { rate, first, last, totals: job.totals, now: now() });
}

const PAST = { start: 'started', pause: 'paused', resume: 'resumed', cancel: 'cancelled' } as const;

function announce(unit: UnitOfWork, decision: Decision, job: StoredJob, request: AuditReplayStartRequest, by: string): void {
  const { jobId, consumer, selection, reason, plan: planned } = job;
  const address = addressOf(job);
  if (decision === 'start') unit.announce({ type: 'replay.started.v1', ...address, data: { jobId, consumer, selection, reason, rate: request.rate ?? job.rate, by, events: planned?.events ?? 0 } });
  else unit.announce({ type: `replay.${PAST[decision]}.v1`, ...address, data: { jobId, consumer, by, ...countsOf(job) } });
}

const actorOf = ({ access, caller }: RpcContext): string => access?.sub ?? caller ?? 'operator';

const causeOf = ({ tenant, correlationId, traceparent }: RpcContext) => ({ tenant, correlationId, ...(traceparent === undefined ? {} : { traceparent }) });

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function readCursor(cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  if (!UUID.test(cursor)) throw Fault.permanent('bad-cursor', 'this is no cursor of this list; start without one');
  return cursor;
}

function notFound(jobId: string): never {
  throw Fault.permanent('replay-not-found', `there is no replay ${jobId}; \`granary replay status\` lists them`);
}
