// What the tests of this service stand on: the stream, a database with the log, and events to write.
import { randomUUID } from 'node:crypto';
import { accessDocuments, publishSubject, STREAM } from '@granary/contracts';
import type { AccessDocument, Envelope, EventType } from '@granary/contracts';
import { createPublisher, MAX_BATCH, messageId, provision, streamConfig } from '@granary/messaging';
import { createMetrics } from '@granary/observability';
import { exampleEvent, waitFor } from '@granary/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import { v7 } from 'uuid';
import { openLogSource } from '../src/record/log-source.client';
import type { RecorderOptions } from '../src/record/recorder.worker';
import { Recorder } from '../src/record/recorder.worker';
import { logMeters } from '../src/watch/metrics';
import { openLog } from './log';
import type { RestorableNats } from './restorable-nats';

export type Platform = Awaited<ReturnType<typeof openPlatform>>;

/**
 * A log in a fresh database and an empty stream. The service's side has only the service's own rights.
 * @param adminUrl of a PostgreSQL of the test's own
 */
export async function openPlatform(nats: RestorableNats, adminUrl?: string) {
  const ownLog = await openLog(adminUrl);
  const { database, log, store } = ownLog;
  const [broker, admin] = await Promise.all([nats.connect('audit'), nats.connect('admin')]);
  const manager = await jetstreamManager(admin.connection);
  const publisher = createPublisher(admin.connection);
  const source = openLogSource({ broker, log, batch: 1_000, lingerMs: 20 });
  const metrics = createMetrics('audit');
  const meters = logMeters(metrics);
  const recorders: Recorder[] = [];

  /** As if the broker had lost its disk. Messages can be deleted from this stream, unlike from the real one. */
  const recreateStream = async () => {
    await manager.streams.delete(STREAM).catch(() => undefined);
    await manager.streams.add({ ...streamConfig(1, 1024 ** 3), deny_delete: false });
    await manager.consumers.add(STREAM, { durable_name: 'audit-log', ack_policy: 'all', deliver_policy: 'all', filter_subject: 'ev.>', max_ack_pending: 20_000 } as never);
  };
  await recreateStream();

  return {
    ...ownLog,
    admin,
    manager,
    metrics,
    source,
    provision: () => provision({ broker: admin, accessDocuments: [accessDocuments['audit'] as AccessDocument], log }),
    recreateStream,
    async publish(events: readonly Envelope[]) {
      for (let from = 0; from < events.length; from += MAX_BATCH) {
        const batch = events.slice(from, from + MAX_BATCH).map((event) => ({ subject: publishSubject(event.tenantid, event.type as EventType, event.partitionkey), messageId: messageId(event), body: JSON.stringify(event) }));
        if ((await publisher.publishBatch(batch)).state === 'refused') throw new Error('the stream refused the events');
      }
    },
    async publishRaw(body: string | Uint8Array) {
      await admin.connection.request('in.default.harvest.requested.v1.key', body);
    },
    recorder(changes: Partial<RecorderOptions> = {}) {
      const recorder = new Recorder({ source, store, leases: database.leases, meters, log, owner: randomUUID(), newId: randomUUID, leaseTtlMs: 2_000, partitionSize: 5_000_000, closedEpoch: null, grown: () => undefined, ...changes });
      recorders.push(recorder);
      return recorder;
    },
    brokerIsBack: () => waitFor(() => admin.connection.request('$JS.API.INFO', '', { timeout: 500 }), { what: 'the broker' }),
    /** Waits until this is the last row of the newest epoch. */
    logged: (sequence: number, epoch = 1) =>
      waitFor(async () => {
        const tail = await store.tail();
        return tail?.epoch === epoch && tail.lastSequence === sequence;
      }, { what: `row ${epoch}:${sequence} of the log` }),
    async close() {
      await Promise.all(recorders.map((recorder) => recorder.stop()));
      await Promise.all([broker.close(), admin.close()]);
      await ownLog.close();
    },
  };
}

/** Distinct events made from a contract's example. */
export function events(count: number, changes: Partial<Envelope> = {}): Envelope[] {
  return Array.from({ length: count }, () => ({ ...exampleEvent('harvest.requested.v1'), id: v7(), ...changes }));
}
