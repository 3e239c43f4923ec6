import type { AccessDocument, EventType } from '@granary/contracts';

/** A consumer as its access document describes it. */
export interface ReplayConsumer {
  readonly consumer: string;
  /** The service whose consumer it is. */
  readonly identity: string;
  readonly types: readonly EventType[];
  readonly groups: number;
  readonly replayable: 'rebuild' | 'idempotent' | 'never';
}

/** Every consumer of the platform by its name. */
export function consumersByName(documents: Readonly<Record<string, AccessDocument>>): ReadonlyMap<string, ReplayConsumer> {
  const consumers = Object.values(documents).flatMap(({ identity, consumes }) => consumes.map(({ consumer, types, groups, replayable }) => ({ consumer, identity, types: types as readonly EventType[], groups, replayable })));
  return new Map(consumers.map((consumer) => [consumer.consumer, consumer]));
}
