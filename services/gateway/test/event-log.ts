// An event log as audit tells of it, in the memory of the test: it grows when the test says so.
import type { LogEntry, LogPosition } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { sendSignal } from '@granary/messaging';
import { exampleEvent } from '@granary/testing';
import { v7 } from 'uuid';
import { comparePositions, positionText } from '../src/stream/position';
import { answering, type World } from './world';

export type Growth = Partial<Pick<LogEntry, 'tenant' | 'type' | 'key' | 'correlationId'>> & {
  /** Sequences that the stream lost before it. */
  readonly gap?: number;
  /** It is the first of a new epoch. */
  readonly epoch?: boolean;
  /** So much text in its data. */
  readonly bytes?: number;
};

export type TestEventLog = Awaited<ReturnType<typeof serveEventLog>>;

export async function serveEventLog(world: World) {
  const entries: LogEntry[] = [];
  const broker = await world.nats.connect('audit');
  const end = (): LogPosition => entries.at(-1)?.position ?? { epoch: 1, sequence: 0 };
  let isAway = false;
  const refuseAway = () => {
    if (isAway) throw Fault.transient('service-unavailable', 'no audit service answers');
  };
  await world.serve('audit', [
    answering('audit.log.status', () => {
      refuseAway();
      return { first: entries[0]?.position ?? null, ...end(), streamSequence: end().sequence, lag: 0, rows: entries.length };
    }),
    answering('audit.log.read', ({ after, before, tenant, types, key, correlationId, limit = 100 }) => {
      refuseAway();
      const found = entries.filter(
        (entry) =>
          comparePositions(entry.position, after) > 0 &&
          (before === undefined || comparePositions(entry.position, before) < 0) &&
          (tenant === undefined || entry.tenant === tenant) &&
          (types === undefined || (types as string[]).includes(entry.type)) &&
          (key === undefined || entry.key === key) &&
          (correlationId === undefined || entry.correlationId === correlationId),
      );
      const page = cut(found.slice(0, limit));
      return { entries: page, next: found.length > page.length ? (page.at(-1)?.position ?? null) : null };
    }),
  ]);

  const add = ({ gap = 0, epoch = false, bytes = 0, tenant = 'acme', type = 'harvest.requested.v1', key = 'a-repository', correlationId = 'a-request' }: Growth) => {
    const { position } = entries.at(-1) ?? { position: { epoch: 1, sequence: 0 } };
    const next = epoch ? { epoch: position.epoch + 1, sequence: 1 } : { epoch: position.epoch, sequence: position.sequence + 1 + gap };
    const event = { ...exampleEvent('harvest.requested.v1'), id: v7(), type, tenantid: tenant, partitionkey: key, correlationid: correlationId ?? 'none', ...(bytes > 0 && { subject: 'x'.repeat(bytes) }) };
    entries.push({ position: next, tenant, type, key, correlationId, event: event as LogEntry['event'] });
  };
  return {
    entries,
    /** Answers nobody any more, until what it returns is called. */
    away() {
      isAway = true;
      return () => void (isAway = false);
    },
    /** One commit. Without a signal, as when it is lost. */
    grow(growth: readonly Growth[], { silently = false } = {}) {
      for (const one of growth) add(one);
      if (!silently) sendSignal(broker, 'audit.log-grown', end());
    },
    /** The ids of what a client of a tenant gets. */
    ids: (tenant = 'acme', after?: LogPosition) => entries.filter((entry) => entry.tenant === tenant && (after === undefined || comparePositions(entry.position, after) > 0)).map(({ position }) => positionText(position)),
    end: () => positionText(end()),
  };
}

/** As audit does, so that an answer fits a message of the broker. */
function cut(page: readonly LogEntry[]): LogEntry[] {
  let bytes = 0;
  return page.filter((entry, index) => (bytes += JSON.stringify(entry).length) <= 512 * 1_024 || index === 0);
}
