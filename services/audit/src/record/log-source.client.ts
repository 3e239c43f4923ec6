import { setTimeout as delay } from 'node:timers/promises';
import type { Broker } from '@granary/messaging';
import { createLogReader, readStored } from '@granary/messaging';
import type { Logger } from '@granary/observability';
import type { LogReader, LogSource } from './log-source';

export interface LogSourceOptions {
  broker: Broker;
  log: Logger;
  /** Events of one write at most. */
  batch: number;
  /** How long a batch that is not full waits for more. */
  lingerMs: number;
}

const DURABLE = 'audit-log';
/** How long a silent stream is waited for before the writer looks around. */
const IDLE_MS = 500;
/** How often a lingering batch looks for more. */
const GATHER_MS = 5;

/** The stream and its durable consumer, as the log writer needs them. */
export function openLogSource({ broker, log, batch, lingerMs }: LogSourceOptions): LogSource {
  const observer = createLogReader({ broker, durable: DURABLE, log });
  return {
    async state() {
      const { createdAt, ...position } = await observer.position();
      return { created: createdAt, ...position };
    },
    reader: () => reader({ broker, log, batch, lingerMs }),
    stored: (fromSequence, limit) => readStored(broker, fromSequence, limit),
  };
}

function reader({ broker, log, batch, lingerMs }: LogSourceOptions): LogReader {
  const messages = createLogReader({ broker, durable: DURABLE, log, buffer: 4 * batch });
  return {
    rewind: (sequence) => messages.open(sequence),
    async next() {
      const gathered = await messages.next(batch, IDLE_MS, 0);
      const until = performance.now() + lingerMs;
      while (gathered.length > 0 && gathered.length < batch && performance.now() < until) {
        await delay(Math.min(GATHER_MS, lingerMs));
        gathered.push(...(await messages.next(batch - gathered.length, 0, 0)));
      }
      return gathered;
    },
    ackThrough: (sequence) => messages.ackThrough(sequence),
    close: () => messages.close(),
  };
}
