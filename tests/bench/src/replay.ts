// Replays in figures: the services as the platform starts them, on real servers; a consumer of our own in this process.
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { accessDocuments, eventExamples, publishSubject } from '@granary/contracts';
import type { AccessDocument, EventOf } from '@granary/contracts';
import { createEnvelope, createPublisher, createRpcClient, MAX_BATCH, messageId, on, onSignal, startConsumers } from '@granary/messaging';
import type { ReplaySource, RpcClient, WireEvent } from '@granary/messaging';
import { v7 as uuidv7 } from 'uuid';
import { startServers } from '../../support/servers.ts';
import { firstCredentials, serviceProcess } from '../../support/services.ts';
import { perSecond, quantile } from './figures.ts';

const TYPE = 'repository.removed.v1';
const KEYS = 500;
const NORMALIZER = accessDocuments['normalizer'] as AccessDocument;
/** The consumer of the normalizer, with an effect of its own and none of its operations. */
const CONSUMER: AccessDocument = { ...NORMALIZER, serves: [] };
const SERVICES = fileURLToPath(new URL('../../../services', import.meta.url));

export interface ReplayFigures {
  events: number;
  'planned /s': number;
  'replayed alone /s': number;
  'replayed beside live events /s': number;
  'live events /s meanwhile': number;
  'live: publication to effect meanwhile, ms': { p50: number; p99: number };
}

/** @param quick fewer events, to see that everything works */
export async function benchReplay(quick: boolean): Promise<ReplayFigures> {
  const total = quick ? 2_000 : 50_000;
  const liveRate = 200;
  const first = firstCredentials();
  const names = ['auth', 'audit', 'harvester', 'operator'];
  const servers = await startServers({ access: { ...Object.fromEntries(names.map((name) => [name, accessDocuments[name] as AccessDocument])), normalizer: CONSUMER }, syncAlways: false });
  const [auth, audit] = await Promise.all(['auth', 'audit'].map((name) => serviceProcess({ servers, folder: SERVICES, name, first })));
  if (!auth || !audit) throw new Error('both are there');
  try {
    await Promise.all([auth.start(), audit.start()]);
    const [producer, own, operator] = await Promise.all([servers.connect('harvester'), servers.connect('normalizer'), servers.connect('operator')]);
    const { accessToken } = await createRpcClient({ broker: operator }).call('auth.key.exchange', { key: first.key });
    const rpc = createRpcClient({ broker: operator, token: () => Promise.resolve(accessToken) });
    const { accessToken: serviceToken } = await createRpcClient({ broker: own }).call('auth.service-token.issue', {});
    const sink = await servers.open('normalizer');
    await sink.dataSource.query('create table effects (event_id text not null)');
    const publisher = createPublisher(producer.connection);
    const sent = new Map<string, number>();
    const took: number[] = [];

    const running = startConsumers({
      broker: own,
      access: CONSUMER,
      replay: sourceOf(createRpcClient({ broker: own, token: () => Promise.resolve(serviceToken) }), own, servers.log),
      inbox: sink.inbox, leases: sink.leases, held: sink.held, log: servers.log,
      subscriptions: [
        on('harvest.completed.v1', async () => undefined),
        on(TYPE, async (event: EventOf<typeof TYPE>, { once, replay }) => {
          await once(({ manager }) => manager.query('insert into effects (event_id) values ($1)', [event.id]));
          const begun = sent.get(event.id);
          if (!replay && begun !== undefined) took.push(performance.now() - begun);
        }),
      ],
    });
    const publish = async (events: readonly { wire: WireEvent }[]) => {
      for (let from = 0; from < events.length; from += MAX_BATCH) if ((await publisher.publishBatch(events.slice(from, from + MAX_BATCH).map(({ wire }) => wire))).state === 'refused') throw new Error('a batch was refused');
    };
    await publish(Array.from({ length: total }, (_, i) => wireEvent(first.tenant, `key-${i % KEYS}`)));
    await until(async () => (await effects()) >= total && (await rpc.call('audit.log.status', {})).lag === 0);

    const planning = performance.now();
    const one = await plan(rpc);
    const planned = perSecond(total, planning);
    const alone = await replay(rpc, one, total);

    const two = await plan(rpc);
    let live = true;
    let published = 0;
    const begun = performance.now();
    const publishing = (async () => {
      while (live) {
        const event = wireEvent(first.tenant, `key-${published % KEYS}`);
        sent.set(event.id, performance.now());
        await publisher.publish(event.wire);
        published += 1;
        await delay(Math.max(0, begun + (published * 1_000) / liveRate - performance.now()));
      }
    })();
    const beside = await replay(rpc, two, total);
    live = false;
    await publishing;
    const liveSeen = perSecond(published, begun);
    await until(async () => took.length >= published);
    await running.stop();
    await Promise.all([sink.close(), producer.close(), own.close(), operator.close()]);
    return {
      events: total,
      'planned /s': Math.round(planned),
      'replayed alone /s': Math.round(alone),
      'replayed beside live events /s': Math.round(beside),
      'live events /s meanwhile': Math.round(liveSeen),
      'live: publication to effect meanwhile, ms': { p50: Math.round(quantile(took, 0.5)), p99: Math.round(quantile(took, 0.99)) },
    };

    async function effects(): Promise<number> {
      return Number((await sink.dataSource.query<{ n: string }[]>('select count(*) as n from effects'))[0]?.n ?? 0);
    }
  } finally {
    await Promise.all([audit.end(), auth.end()]);
    await servers.stop();
  }
}

/** As service-host makes it of a service's own calls. */
function sourceOf(rpc: RpcClient, broker: Parameters<typeof onSignal>[0], log: Parameters<typeof onSignal>[3]): ReplaySource {
  return {
    take: (asked) => rpc.call('audit.replay.take', asked),
    report: async (report) => ((await rpc.call('audit.replay.report', { ...report, failures: [...report.failures] })).state === 'running' ? 'running' : 'stopped'),
    onDue: (_consumer, listener) => onSignal(broker, 'audit.replay-due', listener, log),
  };
}

async function plan(rpc: RpcClient): Promise<string> {
  const { job: { jobId } } = await rpc.call('audit.replay.plan', { consumer: 'normalizer', types: [TYPE], reason: 'a benchmark' });
  await until(async () => (await rpc.call('audit.replay.show', { jobId })).job.state === 'planned');
  return jobId;
}

/** Events a second, from the start of a job to its end. */
async function replay(rpc: RpcClient, jobId: string, total: number): Promise<number> {
  const begun = performance.now();
  await rpc.call('audit.replay.start', { jobId });
  await until(async () => (await rpc.call('audit.replay.show', { jobId })).job.state === 'completed');
  return perSecond(total, begun);
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 600_000; !(await condition()); await delay(25)) if (performance.now() > end) throw new Error('waited in vain');
}

function wireEvent(tenant: string, key: string): { id: string; wire: WireEvent } {
  const event = createEnvelope({ type: TYPE, key, data: eventExamples[TYPE].data }, { tenant, correlationId: uuidv7() }, { source: 'granary/harvester', id: uuidv7(), time: new Date() });
  return { id: event.id, wire: { subject: publishSubject(tenant, TYPE, key), messageId: messageId(event), body: JSON.stringify(event) } };
}
