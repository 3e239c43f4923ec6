import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { consumersOf } from '@granary/contracts';
import type { AccessDocument, ConsumerSpec } from '@granary/contracts';
import { Fault } from '@granary/faults';
import type { Logger, Metrics, SlowWatch } from '@granary/observability';
import type { Broker } from './broker.client';
import { consumeMeters, UNMEASURED } from './consume-metrics';
import type { ConsumeMeters } from './consume-metrics';
import { GroupConsumer } from './group.worker';
import type { GroupState } from './group.worker';
import { oneAtATime } from './one-at-a-time';
import type { HeldEvents, Inbox, Leases, ReplaySource } from './ports';
import { RETRY_POLICY } from './settle';
import type { RetryPolicy } from './settle';
import type { Subscription } from './subscription';

export interface ConsumersOptions {
  broker: Broker;
  access: AccessDocument;
  subscriptions: readonly Subscription[];
  inbox: Inbox;
  leases: Leases;
  held: HeldEvents;
  log: Logger;
  /** Without it nothing is measured. */
  metrics?: Metrics;
  policy?: RetryPolicy;
  /** How long a silent owner keeps its partition groups. Default 5 s. */
  leaseTtlMs?: number;
  /** Keys side by side in one partition group. Default 64. */
  laneWidth?: number;
  /** Time of one attempt without a call of `working()`. Default 60 s. */
  handlerTimeoutMs?: number;
  /** What runs when events have to be delivered anew, as after a lost connection, may take this long to end. Then its signal is aborted, and it can commit no more. Default 10 s. */
  drainMs?: number;
  heldPollMs?: number;
  /** An event that is handled later than this after it was announced counts as delivered late. Default 1 min. */
  objectiveMs?: number;
  /** How long figures hold that the server is asked for. Default 5 s. */
  figuresKeepMs?: number;
  /** Told how long each attempt of a handler took. */
  slow?: SlowWatch;
  /** Where replays come from. Without it there are none. */
  replay?: ReplaySource;
  /** How long it takes at most until a replay is noticed without a signal. Default 5 s. */
  replayPollMs?: number;
  /** How often it is told how far a replay is. Default 2 s. */
  replayReportMs?: number;
  now?: () => Date;
  random?: () => number;
}

export interface Consumers {
  /** Begins nothing new and lets what runs end within `drainMs` (default 5 s). */
  stop(drainMs?: number): Promise<void>;
  states(): GroupState[];
}

/** Consumes what the access document grants, by the subscription table. */
export function startConsumers(options: ConsumersOptions): Consumers {
  const own = options.access.consumes.filter((consumer) => !consumer.types.some((type) => type === '*'));
  refuseGaps(own.flatMap((consumer) => consumer.types as string[]), options);
  const types = options.subscriptions.map((subscription) => subscription.type);
  const durablesOf = (consumer: string) => consumersOf(options.access).filter((durable) => durable.consumer === consumer);
  const { metrics, slow, objectiveMs = 60_000, figuresKeepMs = 5_000, now = () => new Date() } = options;
  const lags = async () => (await Promise.all(replicas.flatMap(({ groups }) => groups.map((group) => group.lag())))).filter((lag) => lag !== null);
  const groups = own.flatMap(({ consumer }) => durablesOf(consumer).map(({ group }) => ({ consumer, group })));
  // Whoever consumes nothing has nothing to tell.
  const meters: ConsumeMeters = metrics === undefined || own.length === 0 ? UNMEASURED : consumeMeters({ metrics, types, groups, lags, keepMs: figuresKeepMs, objectiveMs, now, ...(slow && { slow }) });
  const owner = `${options.broker.name}-${randomUUID()}`;
  const replicas = own.map(({ consumer }) => startReplica(consumer, durablesOf(consumer), { ...options, owner, meters }));
  return {
    async stop(drainMs = 5_000) {
      await Promise.all(replicas.map((replica) => replica.stop(drainMs)));
    },
    states: () => replicas.flatMap((replica) => replica.groups.map((group) => group.snapshot())),
  };
}

/** What the end itself may take. */
const SIGN_OFF_MS = 500;

interface ReplicaOptions extends ConsumersOptions {
  owner: string;
  meters: ConsumeMeters;
}

/** One replica's part of a consumer: with N replicas alive, each owns at most its share of the partition groups. */
function startReplica(consumer: string, durables: readonly ConsumerSpec[], options: ReplicaOptions) {
  const { leases, owner, log, leaseTtlMs = 5_000 } = options;
  let share = durables.length;
  const groups: GroupConsumer[] = durables.map(
    (durable) =>
      new GroupConsumer({
        ...options,
        id: { consumer, group: durable.group },
        groups: durables.length,
        replay: durable.replayable === 'never' ? null : (options.replay ?? null),
        rebuilds: durable.replayable === 'rebuild',
        replayPollMs: options.replayPollMs ?? 5_000,
        replayReportMs: options.replayReportMs ?? 2_000,
        durable: durable.name,
        policy: options.policy ?? RETRY_POLICY,
        leaseTtlMs,
        laneWidth: options.laneWidth ?? 64,
        handlerTimeoutMs: options.handlerTimeoutMs ?? 60_000,
        drainMs: options.drainMs ?? 10_000,
        heldPollMs: options.heldPollMs ?? 500,
        now: options.now ?? (() => new Date()),
        random: options.random ?? Math.random,
        mayOwnMore: () => groups.filter((group) => group.owned).length < share,
      }),
  );
  const attend = oneAtATime(async () => {
    try {
      share = Math.ceil(durables.length / Math.max(1, await leases.attend(consumer, owner, leaseTtlMs)));
      const owned = groups.filter((group) => group.owned);
      for (const group of owned.slice(share)) group.yieldOwnership();
    } catch (error) {
      log.warn({ err: error, consumer }, 'the replicas of this consumer cannot be counted at the moment');
    }
  });
  const stopping = new AbortController();
  const timer = setInterval(() => void attend(), leaseTtlMs / 2);
  const started = attend().then(() => {
    if (!stopping.signal.aborted) groups.forEach((group) => group.start());
  });
  const signOff = async () => {
    await started;
    await leases.leave(consumer, owner);
  };
  return {
    groups,
    async stop(drainMs: number) {
      stopping.abort();
      clearInterval(timer);
      await Promise.all(groups.map((group) => group.stop(drainMs)));
      // A database that does not answer must not hold up the end: the row runs out by itself.
      await Promise.race([signOff(), delay(SIGN_OFF_MS, undefined, { ref: false })]).catch((error: unknown) => log.warn({ err: error, consumer }, 'this replica could not sign off; it is forgotten by itself'));
    },
  };
}

/** The subscription table and the access document say the same, or the service does not start. */
function refuseGaps(granted: readonly string[], { subscriptions, access }: ConsumersOptions): void {
  const handled = new Set<string>(subscriptions.map((subscription) => subscription.type));
  const unhandled = granted.filter((type) => !handled.has(type));
  const ungranted = [...handled].filter((type) => !granted.includes(type));
  if (unhandled.length === 0 && ungranted.length === 0) return;
  const problems = [...unhandled.map((type) => `${type} is granted and has no handler`), ...ungranted.map((type) => `${type} has a handler and is not granted`)];
  throw Fault.permanent('subscriptions-differ', `subscriptions and contracts/access/${access.identity}.json differ: ${problems.join('; ')}`);
}
