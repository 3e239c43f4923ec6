import type { StatsFs } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createCounter, createGauge, createReading } from '@granary/observability';
import type { Metrics } from '@granary/observability';
import type { Broker } from '@granary/messaging';

/** Says from the first moment whether the broker is there. What it is given is measured from then on. */
export function measureBroker(metrics: Metrics): (broker: Broker) => void {
  let known: Broker | null = null;
  createGauge(metrics, { name: 'granary_broker_up', help: '1 while the connection to the broker stands', read: () => (known?.connected() ? 1 : 0) });
  const reconnects = createCounter(metrics, { name: 'granary_broker_reconnects_total', help: 'Times that a lost connection to the broker came back' });
  return (broker) => {
    known = broker;
    broker.onReconnect(() => reconnects.inc());
  };
}

/**
 * Says how much is free where a service writes files. What somebody else filled up counts, too.
 * @param folders by place, the name under which it is told
 */
export function measureDisks(metrics: Metrics, folders: Readonly<Record<string, string>>, keepMs: number): void {
  const places = Object.keys(folders);
  if (places.length === 0) return;
  const reading = createReading({
    read: () => Promise.all(Object.entries(folders).map(async ([place, folder]) => ({ place, space: await spaceOf(folder).catch(() => null) }))),
    show(seen) {
      for (const { place, space } of seen) {
        bytes.set({ place }, space ? space.bavail * space.bsize : Number.NaN);
        ratio.set({ place }, space && space.blocks > 0 ? space.bavail / space.blocks : Number.NaN);
      }
    },
    keepMs,
  });
  const bytes = createGauge(metrics, { name: 'granary_disk_free_bytes', help: 'What this process may still write where the service keeps files; NaN when that cannot be told', labels: { place: places }, reading });
  const ratio = createGauge(metrics, { name: 'granary_disk_free_ratio', help: 'The same, as a share of the whole file system', labels: { place: places }, reading });
}

/** Of a folder that is not there yet, what is told is where it will be. */
async function spaceOf(folder: string): Promise<StatsFs> {
  try {
    return await statfs(folder);
  } catch (error) {
    const parent = dirname(folder);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === folder) throw error;
    return spaceOf(parent);
  }
}
