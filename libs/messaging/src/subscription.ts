import type { EventOf, EventType } from '@granary/contracts';
import type { Run, UnitOfWork } from './ports';

/** What a handler knows about the delivery it is called for. */
export interface DeliveryContext {
  readonly consumer: string;
  readonly run: Run;
  /** True when the event comes from a replay. */
  readonly replay: boolean;
  /** Counts from 1 over all attempts of this event. */
  readonly attempt: number;
  /** Sequence of the event in the stream. */
  readonly position: number;
  /** Aborted when the handler's time is over or its process gives the event away. */
  readonly signal: AbortSignal;
  /** Gives a long handler its full time again. */
  working(): void;
  /**
   * Applies effects once for this event: inbox row, effects and announcements are one transaction. Answers
   * `already-handled` without calling `work` when an earlier delivery was committed. `work` may run again after a
   * rollback, together with the work of other events, so it does nothing that the transaction does not undo.
   */
  once<R>(work: (unit: UnitOfWork) => Promise<R>): Promise<R | 'already-handled'>;
}

export type Handler<T extends EventType> = (event: EventOf<T>, context: DeliveryContext) => Promise<void>;

/** One row of a service's subscription table. */
export interface Subscription {
  readonly type: EventType;
  readonly handle: (event: never, context: DeliveryContext) => Promise<void>;
}

/** Connects an event type with its handler; the compiler refuses a handler of another event. */
export function on<T extends EventType>(type: T, handler: Handler<T>): Subscription {
  return { type, handle: handler };
}
