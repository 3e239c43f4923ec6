import { createHistogram as createTimes } from 'node:perf_hooks';
import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

/** Each look wakes the process, whether it has anything to do or not. */
export const LOOK_MS = 20;
const MICROSECONDS = 1_000_000;

/**
 * Says how long this process itself keeps its event loop, in processor time of the main thread between two looks at the
 * loop, 20 ms apart when it is free. The delay of the loop alone does not tell own work from a machine that is busy with
 * other programs. Both gauges cover the time since the last scrape.
 */
export function watchLoopWork(metrics: Registry): void {
  const times = createTimes();
  let before = threadMicroseconds();
  setInterval(() => {
    const now = threadMicroseconds();
    times.record(Math.max(1, now - before));
    before = now;
  }, LOOK_MS).unref();
  new Gauge({
    name: 'nodejs_eventloop_work_p99_seconds',
    help: 'Processor time of the main thread between two looks at the event loop, 20 ms apart when it is free: the 99th percentile.',
    registers: [metrics],
    collect() {
      this.set(times.count === 0 ? 0 : times.percentile(99) / MICROSECONDS);
    },
  });
  new Gauge({
    name: 'nodejs_eventloop_work_max_seconds',
    help: 'The longest of these times.',
    registers: [metrics],
    collect() {
      this.set(times.count === 0 ? 0 : times.max / MICROSECONDS);
      times.reset();
    },
  });
}

function threadMicroseconds(): number {
  const { user, system } = process.threadCpuUsage();
  return Math.round(user + system);
}
