import type { CacheOutcome, CacheTarget } from '@granary/contracts';
import { outcomeOf, type Shelf } from '@granary/messaging';
import type { Logger } from '@granary/observability';
import type { Task } from '@granary/service-host';
import type { MirrorStore } from '../store/mirror.store';
import type { MirrorFolder } from './mirror-folder.client';

export interface MirrorCacheOptions {
  readonly folder: MirrorFolder;
  readonly mirrors: MirrorStore;
  readonly log: Logger;
  readonly everyMs: number;
}

/** Mirrors as a cache, of all machines together; and the task that tells of those of this one, and deletes what others were asked for. */
export function mirrorCache({ folder, mirrors, log, everyMs }: MirrorCacheOptions): { shelf: Shelf; task: Task } {
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> = Promise.resolve();

  const evictHere = (repositoryId: string) => mirrors.evict(folder.place, repositoryId, () => folder.putAway(repositoryId));
  const look = async (): Promise<void> => {
    try {
      await mirrors.save(folder.place, await folder.measure());
      for (const repositoryId of await mirrors.asked(folder.place)) await evictHere(repositoryId);
      await folder.clean();
    } catch (error) {
      log.warn({ err: error }, 'mirrors could not be measured; tried again soon');
    }
  };
  const evictOne = async (target: CacheTarget): Promise<CacheOutcome> => {
    const [place = '', repositoryId = ''] = target.id.split(':');
    if (place !== folder.place) {
      return (await mirrors.ask(place, repositoryId)) ? outcomeOf(target, 'deferred', { why: 'it lies on another machine, which deletes it when its harvester runs' }) : outcomeOf(target, 'gone');
    }
    const evicted = await evictHere(repositoryId);
    if (evicted === null) return outcomeOf(target, 'gone');
    return 'why' in evicted ? outcomeOf(target, 'in-use', { why: evicted.why }) : outcomeOf(target, 'evicted', { bytes: evicted.bytes });
  };
  return {
    shelf: {
      kind: 'mirror',
      async list(after, limit) {
        const entries = await mirrors.list(after, limit);
        const last = entries.at(-1);
        return { entries, after: last !== undefined && entries.length === limit ? `${last.tenant} ${last.id}` : null };
      },
      async evict(targets) {
        const outcomes: CacheOutcome[] = [];
        for (const target of targets) outcomes.push(await evictOne(target));
        await folder.clean();
        return outcomes;
      },
    },
    task: {
      name: 'mirrors',
      async start() {
        working = look();
        timer = setInterval(() => (working = working.then(look)), everyMs);
      },
      async stop() {
        clearInterval(timer);
        await working;
      },
    },
  };
}
