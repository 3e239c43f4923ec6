import type { Logger } from '@granary/observability';
import type { Database } from '@granary/persistence';
import type { Task } from '../definition';

const HOUR_MS = 3_600_000;

/** Forgets, once an hour, which events were handled so long ago that the stream cannot bring them again. */
export function pruneTask(database: Database, log: Logger, now: () => Date, everyMs = HOUR_MS): Task {
  let timer: NodeJS.Timeout | undefined;
  let underWay: Promise<void> = Promise.resolve();

  const prune = async (): Promise<void> => {
    const { pruneInbox } = await import('@granary/persistence');
    const rows = await pruneInbox(database, now());
    if (rows > 0) log.info({ rows }, 'inbox pruned');
  };
  return {
    name: 'prune inbox',
    async start() {
      timer = setInterval(() => {
        underWay = prune().catch((error: unknown) => log.warn({ err: error }, 'inbox not pruned; tried again in an hour'));
      }, everyMs);
    },
    async stop() {
      clearInterval(timer);
      await underWay;
    },
  };
}
